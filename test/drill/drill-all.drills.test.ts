import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Proof } from '../../src/journal/index.ts'
import { listDrills } from '../environment/list-drills.ts'
import { requires } from '../environment/requires.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handbook-drill-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const DRILLS = await listDrills()
const EXPECTED = DRILLS.map(({ id }) => id)

/** A lab, a run and two waits for the alert each, on a busy machine. */
const LIMIT = EXPECTED.length * 180_000

describe.runIf(requires('drills with alerts', ['prometheus', 'prometheus-alertmanager']))(
  'handbook drill --all',
  () => {
    it('proves every runbook against every fault that it says it heals, or escalates', { timeout: LIMIT }, async () => {
      const { stdout, stderr, exitCode } = await execa(
        'node',
        ['dist/handbook.cjs', 'drill', '--all', '--json', '--proofs', folder],
        { reject: false },
      )
      const { proofs }: { proofs: Proof[] } = JSON.parse(stdout)
      expect(proofs.map(({ id }) => id).sort(), stderr).toEqual(EXPECTED)
      for (const proof of proofs) {
        const escalates = DRILLS.find(({ id }) => id === proof.id)?.escalates
        expect(proof.escalated, proof.id).toBe(escalates)
        expect(proof, `${proof.id}: ${proof.reason}`).toMatchObject({
          proven: true,
          signal: expect.stringMatching(/^(?:alertmanager|dead-mans-switch)$/),
          control: 'ruled-out',
          outcome: escalates === undefined ? 'healed' : 'inconclusive',
        })
        const { name, acknowledged = 0, lost, counts: { delivered = 0, held = 0 } = {} } = proof.workload ?? {}
        expect({ name, lost }).toEqual({ name: 'uploads', lost: 0 })
        expect(acknowledged).toBeGreaterThanOrEqual(100)
        expect(delivered + held).toBe(acknowledged)
        expect(proof.felt?.longestGapSeconds).toBeGreaterThan(0)
      }
      expect(exitCode).toBe(0)
      expect((await readdir(folder)).sort()).toEqual(EXPECTED.map(id => `${id}.json`))
    })
  },
)
