import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
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

/** One at a time for every two cores: most of a drill is waiting, but two beside each other on two cores are late enough to wake twice. */
const LANES = Math.max(1, Math.floor(availableParallelism() / 2))
const SHARDS = Array.from({ length: LANES }, (_, index) => `${index + 1}/${LANES}`)

const folderOf = (shard: string) => join(folder, shard.replace('/', '-of-'))

async function drillPart(shard: string) {
  const words = ['drill', '--all', '--shard', shard, '--json', '--proofs', folderOf(shard)]
  const { stdout, stderr, exitCode } = await execa('node', ['dist/handbook.cjs', ...words], { reject: false })
  const { proofs }: { proofs: Proof[] } = JSON.parse(stdout)
  return { proofs, stderr, exitCode }
}

describe.runIf(requires('drills with alerts', ['prometheus', 'prometheus-alertmanager']))(
  'handbook drill --all',
  () => {
    it('proves every runbook against every fault that it says it heals, or escalates', { timeout: LIMIT }, async () => {
      const parts = await Promise.all(SHARDS.map(drillPart))
      const proofs = parts.flatMap(part => part.proofs)
      expect(proofs.map(({ id }) => id).sort(), parts.map(({ stderr }) => stderr).join('\n')).toEqual(EXPECTED)
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
      expect(parts.map(({ exitCode }) => exitCode)).toEqual(SHARDS.map(() => 0))
      const written = await Promise.all(SHARDS.map(shard => readdir(folderOf(shard))))
      expect(written.flat().sort()).toEqual(EXPECTED.map(id => `${id}.json`))
    })
  },
)
