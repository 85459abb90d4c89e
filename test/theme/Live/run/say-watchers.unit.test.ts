import { expect, test } from 'vitest'
import { sayWatchers } from '../../../../src/theme/Live/run/say-watchers.ts'

test.each([
  [[['ana', 1]], 'nobody else is here'],
  [[], 'nobody else is here'],
  [[['ana', 2]], 'here: you in 2 windows'],
  [
    [
      ['aaron', 1],
      ['ana', 1],
      ['ben', 3],
    ],
    'here: you, aaron, ben in 3 windows',
  ],
] as const)('%j is %s', (here, words) => {
  expect(
    sayWatchers(
      here.map(([person, windows]) => ({ person, windows })),
      'ana',
    ),
  ).toBe(words)
})
