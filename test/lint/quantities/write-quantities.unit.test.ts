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

it('leaves the default of a parameter to its author: it has a unit of its own', () => {
  const text = '---\nparams:\n  wait: { default: 5m } # =call\n---\n'
  expect(writeQuantities(text, 'docs/page.md', QUANTITIES)).toBe(text)
})

it('writes the value into blocks, in the unit of code', () => {
  const text = 'Wait 15 minutes<!-- =call -->.\n\n```ts\nif (waited > 10 * 60 /* =call */) throw "2"\n```\n'
  expect(writeQuantities(text, 'docs/page.md', QUANTITIES)).toBe(text.replace('10 * 60', '900'))
  const said = text.replace('10 * 60', '15 * 60')
  expect(writeQuantities(said, 'docs/page.md', QUANTITIES)).toBe(said)
})
