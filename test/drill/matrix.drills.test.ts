import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import type { MatrixRow } from '../../src/journal/index.ts'
import { requires } from '../environment/requires.ts'

describe.runIf(requires('a fault that every page diagnoses', ['prometheus', 'prometheus-alertmanager']))(
  'handbook drill --matrix FAULT',
  () => {
    it('says what every page makes of it, and no other page heals it', {
      timeout: 600_000,
    }, async () => {
      const { stdout, stderr, exitCode } = await execa(
        'node',
        ['dist/handbook.cjs', 'drill', '--matrix', 'api-killed', '--json'],
        { reject: false },
      )
      const { matrix }: { matrix: MatrixRow[] } = JSON.parse(stdout)
      expect(matrix, stderr).toMatchObject([
        {
          fault: 'api-killed',
          alerts: ['UploadBridgeApiDown'],
          fired: expect.arrayContaining(['UploadBridgeApiDown']),
        },
      ])
      const pages = matrix[0]?.pages ?? []
      expect(pages.length).toBeGreaterThan(10)
      expect(pages.filter(({ own }) => own)).toMatchObject([
        { page: 'api-down', said: 'suggests', suggestions: [{ step: 'restart-api', changes: true }] },
      ])
      expect(pages.filter(({ flaw }) => flaw !== undefined)).toEqual([])
      expect(exitCode).toBe(0)
    })
  },
)
