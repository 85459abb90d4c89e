import { describe, expect, test } from 'vitest'
import { hashContent, judgeProof, nameProof, proofSchema } from '../../src/journal/index.ts'

const CONTENT = { page: 'a\nb\n', scripts: ['one', 'two'], rules: ['r1', 'r2'], fault: 'f' }
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

describe('the hash of what a proof stands on', () => {
  test('does not mind line ends, nor the order of scripts and rules', () => {
    const same = { page: 'a\r\nb\r\n', scripts: ['two', 'one'], rules: ['r2', 'r1'], fault: 'f' }
    expect(hashContent(same)).toBe(hashContent(CONTENT))
  })

  test.each([
    ['the page', { ...CONTENT, page: 'a\nb' }],
    ['a script', { ...CONTENT, scripts: ['one', 'Two'] }],
    ['a rule', { ...CONTENT, rules: ['r1'] }],
    ['the fault', { ...CONTENT, fault: 'g' }],
    ['what belongs where', { ...CONTENT, scripts: ['one'], rules: ['two', 'r1', 'r2'] }],
  ])('changes with %s', (_, content) => {
    expect(hashContent(content)).not.toBe(hashContent(CONTENT))
  })
})

test('a proof is worth what it says only for the content that it was made with', () => {
  expect(judgeProof(undefined, 'abc')).toEqual({ state: 'not-proven', reason: 'never drilled' })
  expect(judgeProof(PROOF, 'abc')).toEqual({ state: 'proven', proof: PROOF })
  expect(judgeProof(PROOF, 'other')).toEqual({ state: 'changed', proof: PROOF })
  const failed = { ...PROOF, proven: false, reason: 'lost one' }
  expect(judgeProof(failed, 'abc')).toEqual({ state: 'not-proven', proof: failed, reason: 'lost one' })
})

test('a proof is named after runbook and fault', () => {
  expect(nameProof('downstream-down', 'downstream-hanging')).toBe('downstream-down--downstream-hanging')
})
