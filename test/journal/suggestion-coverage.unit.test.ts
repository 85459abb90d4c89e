import { expect, test } from 'vitest'
import type { ProofState, Suggested } from '../../src/journal/index.ts'
import { coverSuggestions, describeSuggestions } from '../../src/journal/suggestion-coverage.ts'
import { makeProof } from '../lint/make-proof.ts'

const SHED = { step: 'partials', suggests: 'shed', why: 'only … % is free' }
const RESTART = { step: 'delivered', suggests: 'restart', why: 'the worker left …' }
const STUCK = { step: 'delivered', suggests: 'restart', why: 'it is stuck' }
const ALL = [SHED, RESTART, STUCK]

const proven = (suggested?: Suggested[]): ProofState => ({ state: 'proven', proof: makeProof({ suggested }) })
const cover = (...proofs: ProofState[]) => coverSuggestions(ALL, proofs)
const states = (...proofs: ProofState[]) => cover(...proofs).map(({ state }) => state)

test('a suggestion is drilled when a proof that counts was given it at that place', () => {
  expect(states(proven([SHED]), proven([STUCK]))).toEqual(['drilled', 'undrilled', 'drilled'])
  expect(describeSuggestions(cover(proven([SHED]), proven([STUCK])))).toBe(
    '2 of 3 suggestions drilled; by no drill: delivered → restart (the worker left …)',
  )
  expect(describeSuggestions(cover(proven([...ALL])))).toBe('3 of 3 suggestions drilled')
  expect(describeSuggestions(cover(proven([RESTART, STUCK])))).toMatch(/by no drill: partials → shed$/)
})

test('a proof of before that does not say it leaves open what no other proof says', () => {
  expect(states(proven())).toEqual(['unknown', 'unknown', 'unknown'])
  expect(describeSuggestions(cover(proven()))).toBe('not recorded which of 3 suggestions are drilled')
  expect(states(proven(), proven([SHED]))).toEqual(['drilled', 'unknown', 'unknown'])
  expect(describeSuggestions(cover(proven(), proven([SHED])))).toBe('1 of 3 suggestions drilled, 2 not recorded')
})

test('what has changed since it was proven, or is not proven, counts for nothing', () => {
  const changed: ProofState = { state: 'changed', proof: makeProof({ suggested: [SHED] }), parts: ['page'] }
  const failed: ProofState = {
    state: 'not-proven',
    proof: makeProof({ suggested: [RESTART] }),
    reason: 'it did not heal',
  }
  expect(states(changed, failed)).toEqual(['undrilled', 'undrilled', 'undrilled'])
  expect(describeSuggestions(cover(changed, failed))).toMatch(/^0 of 3 suggestions drilled; by no drill: partials → /)
})

test('a page that suggests nothing says nothing', () => {
  expect(describeSuggestions([])).toBeUndefined()
})
