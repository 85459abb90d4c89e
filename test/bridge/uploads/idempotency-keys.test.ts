import { expect, it } from 'vitest'
import { readIdempotencyKey } from '../../../src/bridge/uploads/idempotency-keys.ts'

it.each([
  [undefined, undefined],
  ['"8e03978e-40d5"', '8e03978e-40d5'],
  ['8e03978e-40d5', '8e03978e-40d5'],
  [' "a b, \\"c\\" \\\\" ', 'a b, "c" \\'],
  [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
])('reads %s as %s', (header, key) => expect(readIdempotencyKey(header)).toBe(key))

it.each(['', '""', '"a', 'a b', 'a, b', '"a", "b"', '"ä"', '"a\nb"', '"\\a"', 'x'.repeat(256)])('refuses %s', header =>
  expect(() => readIdempotencyKey(header)).toThrow(/Idempotency-Key is one text/),
)
