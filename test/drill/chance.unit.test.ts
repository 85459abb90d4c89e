import { expect, test } from 'vitest'
import { drawNumber, shuffle } from '../../src/drill/chance.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']
const order = (seed: string, names = NAMES) => shuffle(names, seed, name => name).join('')

test('the same seed gives the same order, another one another, and what goes moves nobody else', () => {
  expect(order('monday')).toBe(order('monday'))
  expect(new Set(['monday', 'tuesday', 'wednesday'].map(seed => order(seed))).size).toBeGreaterThan(1)
  expect(order('monday', ['a', 'b', 'd', 'e', 'f'])).toBe(order('monday').replace('c', ''))
})

test('the same seed and name give the same number, from 0 up to 1', () => {
  const drawn = Array.from({ length: 1000 }, (_, index) => drawNumber('monday', `drill-${index}`))
  expect(drawn).toEqual(drawn.map((_, index) => drawNumber('monday', `drill-${index}`)))
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...drawn)).toBeLessThan(1)
  expect(Math.min(...drawn)).toBeLessThan(0.1)
  expect(Math.max(...drawn)).toBeGreaterThan(0.9)
})
