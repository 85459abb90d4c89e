import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Proof } from '../../src/journal/index.ts'
import { faults } from '../../src/lab/incidents/index.ts'
import { listDrills } from '../environment/list-drills.ts'
import { requires } from '../environment/requires.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handbook-drill-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.runIf(requires('a drill with its alert', ['prometheus', 'prometheus-alertmanager']))(
  'handbook drill ID',
  () => {
    it('proves a runbook against a fault that it says it heals', { timeout: 400_000 }, async () => {
      const id = 'api-down--api-killed'
      const { stdout, stderr, exitCode } = await execa(
        'node',
        ['dist/handbook.cjs', 'drill', id, '--json', '--proofs', folder],
        { reject: false },
      )
      const { proofs, coverage }: { proofs: Proof[]; coverage: unknown } = JSON.parse(stdout)
      expect(proofs, stderr).toMatchObject([
        { id, proven: true, signal: 'alertmanager', control: 'ruled-out', outcome: 'healed' },
      ])
      expect(coverage).toMatchObject([
        {
          procedure: 'api-down',
          mitigations: ['restart-api'],
          rollBack: [],
          undrilled: [],
          suggestions: [{ step: 'process', suggests: 'restart-api', state: 'drilled' }, { step: 'hanging' }],
        },
      ])
      expect(exitCode).toBe(0)
      expect(await readdir(folder)).toEqual([`${id}.json`])
    })
  },
)

describe('handbook drill', () => {
  it('has a page for each fault of the lab', async () => {
    const drilled = (await listDrills()).map(({ fault }) => fault)
    expect([...new Set(drilled)].sort()).toEqual(faults.map(({ name }) => name).sort())
  })

  it('names the drills when told of one that there is not', async () => {
    const { exitCode, stderr } = await execa('node', ['dist/handbook.cjs', 'drill', 'no-such-page'], { reject: false })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('There is no drill no-such-page')
    const ids = (await listDrills()).map(({ id }) => id)
    expect(ids.filter(id => stderr.includes(id))).toHaveLength(20)
    expect(stderr).toContain(`and ${ids.length - 20} more`)
  })
})
