import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findJsonFault } from '../../src/handbook/read-record.ts'

const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

it('finds a fault where JSON.parse does, and none in JSON', () => {
  const written = fc.json().chain(text => fc.constantFrom(text, JSON.stringify(JSON.parse(text), null, 2)))
  const damaged = fc
    .tuple(
      written,
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '"', ':', '\\', '01', 'x', '\n', '\u0001', '<<<<<<< HEAD'),
    )
    .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1))
  fc.assert(
    fc.property(fc.oneof(written, damaged, fc.string()), text => {
      const fault = findJsonFault(text)
      expect(fault === undefined).toBe(parses(text))
      expect(fault ?? 0).toBeLessThanOrEqual(text.length)
    }),
    { numRuns: 2000 },
  )
})

it.each([
  ['', 0],
  ['{"a": high}', 6],
  ['{"a": 1,}', 8],
  ['{"a": 1', 7],
  ['{a: 1}', 1],
  ['[1 2]', 3],
  ['{}\n}', 3],
  ['{\n  "a": 1,\n<<<<<<< HEAD\n  "b": 2\n}', 12],
  ['['.repeat(100_000), 501],
])('%j is no JSON from its character %i on', (text, offset) => {
  expect(findJsonFault(text)).toBe(offset)
})
