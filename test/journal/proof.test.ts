import { describe, expect, test } from 'vitest'
import { hashParts, judgeProof, nameProof, proofSchema, recordParts, type StandsOn } from '../../src/journal/index.ts'

const NOW: StandsOn = { page: 'p', fault: 'f', shipped: 's' }
const PROOF = proofSchema.parse({
  id: 'p--f',
  procedure: 'p',
  proven: true,
  fault: 'f',
  environment: 'lab',
  timeScale: 60,
  signal: 'alertmanager',
  run: 'r',
  outcome: 'healed',
  steps: { run: ['a'], notRun: [] },
  control: 'ruled-out',
  contentHash: 'abc',
  commit: 'c',
  date: '2026-11-22',
  secondsToFire: 1,
  secondsToHeal: 2,
  secondsToClear: 3,
  uploads: { acknowledged: 50, delivered: 50, held: 0, lost: 0 },
})

test.each<[string, StandsOn]>([
  ['the page', { ...NOW, page: 'q' }],
  ['the fault', { ...NOW, fault: 'g' }],
  ['what is shipped', { ...NOW, shipped: 't' }],
  ['what belongs where', { page: 'f', fault: 'p', shipped: 's' }],
  ['a part that cannot be read', { ...NOW, fault: null }],
])('the hash of what a proof stands on changes with %s', (_, standsOn) => {
  expect(hashParts(standsOn)).not.toBe(hashParts(NOW))
})

describe('a proof is worth what it says only for what it was made with', () => {
  const proof = { ...PROOF, ...recordParts(NOW) }

  test('and tells the part that changed', () => {
    expect(judgeProof(proof, NOW)).toEqual({ state: 'proven', proof })
    expect(judgeProof(proof, { ...NOW, page: 'q' })).toEqual({ state: 'changed', proof, parts: ['page'] })
    const other = { page: 'p', fault: 'g', shipped: 't' }
    expect(judgeProof(proof, other)).toEqual({ state: 'changed', proof, parts: ['fault', 'shipped'] })
  })

  test('which it is not when a part cannot be read', () => {
    expect(judgeProof(proof, { ...NOW, fault: null })).toMatchObject({ state: 'changed', parts: ['fault'] })
    expect(recordParts({ ...NOW, fault: null })).not.toHaveProperty('standsOn')
  })

  test('as far as it is known: where there is no lab, the page', () => {
    expect(judgeProof(proof, { page: 'p' })).toEqual({ state: 'proven', proof })
    expect(judgeProof(proof, { page: 'q' })).toMatchObject({ state: 'changed', parts: ['page'] })
    const before = { ...PROOF, ...recordParts({ page: 'p' }) }
    expect(judgeProof(before, NOW)).toMatchObject({ state: 'changed', parts: ['fault', 'shipped'] })
  })

  test('or by one hash, when it does not tell its parts or they were edited', () => {
    const old = { ...PROOF, contentHash: hashParts(NOW) }
    expect(judgeProof(old, NOW)).toEqual({ state: 'proven', proof: old })
    expect(judgeProof(old, { ...NOW, page: 'q' })).toEqual({ state: 'changed', proof: old, parts: [] })
    const edited = { ...proof, standsOn: { page: 'q', fault: 'f', shipped: 's' } }
    expect(judgeProof(edited, { ...NOW, page: 'q' })).toMatchObject({ state: 'changed', parts: [] })
  })

  test('and if it proved anything', () => {
    expect(judgeProof(undefined, NOW)).toEqual({ state: 'not-proven', reason: 'never drilled' })
    const failed = { ...proof, proven: false, reason: 'lost one' }
    expect(judgeProof(failed, NOW)).toEqual({ state: 'not-proven', proof: failed, reason: 'lost one' })
  })

  test('and if nothing of what is shipped was missing', () => {
    expect(judgeProof({ ...proof, profile: 'as-shipped' }, NOW)).toMatchObject({ state: 'proven' })
    const reason = 'its lab lacked something of what is shipped'
    expect(judgeProof({ ...proof, profile: 'partial' }, NOW)).toMatchObject({ state: 'not-proven', reason })
  })
})

test('a proof is named after runbook and faults', () => {
  expect(nameProof('downstream-down', { fault: 'downstream-hanging' })).toBe('downstream-down--downstream-hanging')
  expect(nameProof('full', { fault: 'full', with: 'slow' })).toBe('full--full+slow')
})

describe('what became of the workload', () => {
  const { workload: _, ...bare } = PROOF

  test('is named, and its own counts stand apart', () => {
    const workload = { name: 'orders', acknowledged: 3, lost: 0, counts: { shipped: 3 } }
    expect(proofSchema.parse({ ...bare, workload })).toMatchObject({ workload })
  })

  test.each(['uploads', 'orders'])('is read from a proof of before, where it stands under its name: %s', name => {
    const { workload, [name]: former } = proofSchema.parse({
      ...bare,
      [name]: { acknowledged: 50, delivered: 49, held: 1, lost: 0 },
    })
    expect(workload).toEqual({ name, acknowledged: 50, lost: 0, counts: { delivered: 49, held: 1 } })
    expect(former).toBeUndefined()
  })

  test('is unknown where nothing was counted', () => {
    const zeros = { acknowledged: 0, delivered: 0, held: 0, lost: 0 }
    expect(proofSchema.parse({ ...bare, uploads: zeros })).not.toHaveProperty('workload')
    expect(proofSchema.parse(bare)).not.toHaveProperty('workload')
  })

  test('is a mistake when it says less', () => {
    expect(proofSchema.safeParse({ ...bare, workload: { name: 'orders' } }).success).toBe(false)
  })
})
