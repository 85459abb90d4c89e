import { expect, it } from 'vitest'
import { assess, keepHistory } from '../../src/readiness/index.ts'
import { readOurCatalogue } from './our-catalogue.ts'

const measure = (date: string, profile?: string) =>
  assess([], readOurCatalogue(), {
    environment: 'lab',
    ...(profile === undefined ? {} : { profile }),
    date,
    commit: 'abc',
    pages: {},
  })

it('keeps a line of each assessment before, the newest first, with the profile in which it was measured', () => {
  const first = measure('2026-11-22')
  expect(keepHistory(first, undefined)).toEqual(first)
  const second = keepHistory(measure('2026-11-23', 'legacy'), first)
  const third = keepHistory(measure('2026-11-24'), second)
  expect(third.history).toEqual([
    { date: '2026-11-23', commit: 'abc', environment: 'lab', profile: 'legacy', says: 'not measured' },
    { date: '2026-11-22', commit: 'abc', environment: 'lab', says: 'not measured' },
  ])
})
