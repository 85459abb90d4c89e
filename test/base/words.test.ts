import { expect, test } from 'vitest'
import { distance, findClosest, formatPlace, isWithin, toVariable } from '../../src/base/index.ts'

test.each([
  ['staleAfter', 'STALE_AFTER'],
  ['url', 'URL'],
  ['purge-partials', 'PURGE_PARTIALS'],
  ['http2Port', 'HTTP2_PORT'],
  ['a.b c', 'A_B_C'],
  ['größe', 'GR_UF6_UDF_E'],
  ['gräße', 'GR_UE4_UDF_E'],
  ['Größe', 'GR_UF6_UDF_E'],
  ['gro\u0308ße', 'GR_UF6_UDF_E'],
  ['ö', 'UF6'],
  ['検査', 'U691C_U67FB'],
  ['検査a', 'U691C_U67FB_A'],
  ['a🔥', 'A_U1F525'],
  ['_private', '_PRIVATE'],
  ['a-', 'A_'],
  ['/', 'U2F'],
  ['--', 'U2D_U2D'],
  ['/var/log', '_VAR_LOG'],
  ['', ''],
])('%s is the variable %s', (name, variable) => {
  expect(toVariable(name)).toBe(variable)
})

test('closest word: a slip of the pen is found, another word is not', () => {
  const words = ['storage-filling', 'downstream-down', 'usage', 'ab']
  expect(findClosest('storage-filing', words)).toBe('storage-filling')
  expect(findClosest('Downstream-Dwon', words)).toBe('downstream-down')
  expect(findClosest('usgae', words)).toBe('usage')
  expect(findClosest('wholly-different', words)).toBeUndefined()
  expect(findClosest('ac', words)).toBeUndefined()
  expect(findClosest('x', [])).toBeUndefined()
})

test('distance counts insertions, deletions, substitutions and swaps', () => {
  expect(distance('', 'abc')).toBe(3)
  expect(distance('kitten', 'sitting')).toBe(3)
  expect(distance('ab', 'ba')).toBe(1)
  expect(distance('same', 'same')).toBe(0)
})

test('risk is ordered', () => {
  const risks = ['read', 'change', 'danger'] as const
  expect(risks.map(risk => risks.map(limit => isWithin(risk, limit)))).toEqual([
    [true, true, true],
    [false, true, true],
    [false, false, true],
  ])
})

test('a place is what editors click on', () => {
  expect(formatPlace({ file: 'runbooks/a.md', line: 3, column: 7 })).toBe('runbooks/a.md:3:7')
})
