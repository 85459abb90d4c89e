import { expect, it } from 'vitest'
import { writeQuantities } from '../../../src/lint/quantities/write-quantities.ts'

const QUANTITIES = { call: { is: 'Call after', value: '15 minutes', decision: 'chosen' } }

it('writes the value before its mark, and nothing elsewhere', () => {
  const text = 'Look for 2 h first.\n\nThen wait five minutes, and call after Ten minutes<!-- =call -->, not 20 min.\n'
  expect(writeQuantities(text, 'docs/page.md', QUANTITIES)).toBe(text.replace('Ten minutes<', '15 minutes<'))
})

it('leaves a text alone that says the value', () => {
  const text = 'Call after 15\nminutes<!-- =call -->, or 2 h.\n'
  expect(writeQuantities(text, 'docs/page.md', QUANTITIES)).toBe(text)
})
