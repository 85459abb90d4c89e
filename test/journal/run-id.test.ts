import { expect, test } from 'vitest'
import { makeRunId } from '../../src/journal/run-id.ts'

test('a later run has a later id, also within a second, and no two are alike', () => {
  const start = Date.UTC(2026, 10, 22, 3, 15, 2)
  const ids = Array.from({ length: 500 }, (_, at) => makeRunId(new Date(start + 3 * at)))
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^20261122-03150[23]-[2-9a-hj-km-np-z]{4}$/)
})
