import { expect, test } from 'vitest'
import type { Deployment } from '../../../src/lab/kit/fault.ts'
import { type LabParts, runLab } from '../../../src/lab/lifecycle/running-lab.ts'

test('a fault that cannot be healed keeps no other in effect, and is told', async () => {
  const started: string[] = []
  const deployment: Partial<Deployment> = {
    pid: () => undefined,
    async start(name) {
      if (name === 'worker') throw new Error('the worker does not start')
      started.push(name)
    },
  }
  const lab = runLab({ deployment, facts: {}, processes: () => [] } as unknown as LabParts)
  // Neither process runs, so neither can be killed; what was begun is still to be healed.
  await expect(lab.break('worker-killed')).rejects.toThrow('does not run')
  await expect(lab.break('api-killed')).rejects.toThrow('does not run')
  await expect(lab.heal()).rejects.toThrow('the worker does not start')
  expect(started).toEqual(['api'])
})

/** A lab none of whose processes runs, so that none can be killed; what was begun is still to be healed. */
function idleLab(started: string[]) {
  const deployment: Partial<Deployment> = { pid: () => undefined, start: async name => void started.push(name) }
  return runLab({ deployment, facts: {}, processes: () => [] } as unknown as LabParts)
}

test('the latest fault is healed first, for it lies on those before it', async () => {
  const started: string[] = []
  const lab = idleLab(started)
  await expect(lab.break('worker-killed')).rejects.toThrow('does not run')
  await expect(lab.break('api-killed')).rejects.toThrow('does not run')
  await lab.heal()
  expect(started).toEqual(['api', 'worker'])
})

test('a fault that did not begin whole is begun anew, and not taken for one in effect', async () => {
  const started: string[] = []
  const lab = idleLab(started)
  await expect(lab.break('api-killed')).rejects.toThrow('does not run')
  await expect(lab.break('api-killed')).rejects.toThrow('does not run')
  expect(started).toEqual(['api'])
})
