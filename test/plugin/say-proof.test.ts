import { expect, test } from 'vitest'
import type { Proof } from '../../src/journal/index.ts'
import { sayAtScale, sayProof } from '../../src/plugin/say-proof.ts'

const proof: Proof = {
  ...{ id: 'sample--filling', procedure: 'sample', proven: true, fault: 'filling', environment: 'lab', timeScale: 60 },
  ...{ signal: 'alertmanager', alert: 'VolumeFilling', run: 'a-run', outcome: 'healed', control: 'ruled-out' },
  ...{ steps: { run: ['usage'], notRun: [] }, contentHash: '', commit: '', date: '2026-11-22T10:00:00.000Z' },
  ...{ secondsToFire: 9, secondsToHeal: 14, secondsToClear: 16 },
  workload: { name: 'orders', acknowledged: 60, lost: 0, counts: {} },
}

test.each([
  ['as-shipped', 'proven 2026-11-22, as shipped, healed in 14 s'],
  ['practice', 'proven 2026-11-22, in a practice lab, healed in 14 s'],
])('the badge says how the lab was made: %s', (profile, says) => {
  expect(sayProof({ state: 'proven', proof: { ...proof, profile } })).toBe(says)
})

test('a page that escalates healed nothing, and says so', () => {
  const escalated: Proof = { ...proof, outcome: 'inconclusive', escalated: 'usage', secondsToHeal: null }
  expect(sayProof({ state: 'proven', proof: escalated })).toBe('proven 2026-11-22, escalated, nothing lost')
  const { workload: _, ...uncounted } = escalated
  expect(sayProof({ state: 'proven', proof: uncounted })).toBe('proven 2026-11-22, escalated, nothing counted')
})

test('a lab that is made in one way only needs no word', () => {
  expect(sayProof({ state: 'proven', proof })).toBe('proven 2026-11-22, healed in 14 s')
})

test.each([
  [9, 60, 'at most 9 min to the alert'],
  [4.2, 600, 'at most 42 min to the alert'],
  [9, 1, undefined],
  [null, 60, undefined],
])('an alert after %s s at scale %s is said at the scale of production', (secondsToFire, timeScale, says) => {
  expect(sayAtScale({ ...proof, secondsToFire, timeScale })).toBe(says)
})
