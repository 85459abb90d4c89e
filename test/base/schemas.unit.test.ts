import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { describeIssue } from '../../src/base/index.ts'

const schema = z.object({ url: z.string(), port: z.optional(z.number()) })

test.each([
  [{}, 'missing, expected string'],
  [{ url: 3 }, 'Invalid input: expected string, received number'],
  [{ url: null }, 'Invalid input: expected string, received null'],
  [{ url: 'a', port: 'b' }, 'Invalid input: expected number, received string'],
])('what is wrong with %j is said, and what is not there is called missing', (input, message) => {
  expect(schema.safeParse(input, { error: describeIssue }).error?.issues.map(issue => issue.message)).toEqual([message])
})
