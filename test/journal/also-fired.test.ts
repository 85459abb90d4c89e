import { expect, test } from 'vitest'
import { findUnseen, keepAlsoFired } from '../../src/journal/also-fired.ts'
import { type Proof, proofSchema } from '../../src/journal/proof.ts'
import { makeProof } from '../lint/make-proof.ts'

/** The proof of the last of some runs, each with the alerts that it saw; `unasked` could ask nobody. */
const drill = (...runs: (string[] | 'unasked')[]): Proof =>
  runs.reduce<Proof>(
    (former, fired, at) =>
      keepAlsoFired(makeProof(fired === 'unasked' ? {} : { alsoFired: fired }), at === 0 ? undefined : former),
    makeProof({}),
  )

test('an alert that none of five runs saw is not expected any more', () => {
  expect(findUnseen(['A'], drill([], [], [], []))).toEqual([])
  expect(findUnseen(['A', 'B'], drill([], ['B'], [], [], []))).toEqual(['A'])
  expect(findUnseen(['A'], drill(['A'], [], [], [], []))).toEqual([])
  expect(findUnseen(['A'], drill(['A'], [], [], [], [], []))).toEqual(['A'])
})

test('a run that could ask nobody is not counted, and loses nothing of those before it', () => {
  expect(findUnseen(['A'], drill(['A'], 'unasked', [], [], []))).toEqual([])
  expect(findUnseen(['A'], drill([], [], 'unasked', [], []))).toEqual([])
  expect(findUnseen(['A'], drill([], [], 'unasked', [], [], []))).toEqual(['A'])
})

test('a proof keeps four runs before it, the latest first; one of before keeps none and is read', () => {
  expect(drill(['1'], ['2'], ['3'], ['4'], ['5'], ['6']).alsoFiredBefore).toEqual([['5'], ['4'], ['3'], ['2']])
  expect(proofSchema.parse(makeProof({ alsoFired: [] })).alsoFiredBefore).toBeUndefined()
  expect(proofSchema.parse(drill(['1'], ['2'])).alsoFiredBefore).toEqual([['1']])
})
