import { expect, test } from 'vitest'
import { listSuggestions, placeSuggestion } from '../../../src/lint/index.ts'

const PLACES = [
  { step: 'worker', suggests: 'restart', why: '…' },
  { step: 'worker', suggests: 'restart', why: 'it does not run' },
  { step: 'worker', suggests: 'restart', why: 'it runs, and does not answer at …' },
  { step: 'worker', suggests: null, why: '… (odd)' },
]
const place = (why: string, suggests = 'restart', step = 'worker') => placeSuggestion({ step, suggests, why }, PLACES)

test('a suggestion comes from the place whose words fit its reason and say most', () => {
  expect(place('it does not run')).toBe(PLACES[1])
  expect(place('it runs, and does not answer at http://worker\n(gone)')).toBe(PLACES[2])
  expect(place('it does not run any more')).toBe(PLACES[0])
  expect(place('a text (odd)', 'other')).toBe(PLACES[3])
  expect(place('a text odd', 'other')).toBeUndefined()
  expect(place('it does not run', 'restart', 'server')).toBeUndefined()
})

test('places that nothing tells apart are one', () => {
  const same = { suggests: 'restart', why: 'it does not run' }
  expect(listSuggestions([{ step: 'worker', suggests: [same, { ...same }], rulesOut: [] }])).toEqual([PLACES[1]])
})
