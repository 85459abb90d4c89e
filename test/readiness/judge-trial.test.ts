import { expect, it } from 'vitest'
import { type CheckResult, judgeTrial, type Result } from '../../src/readiness/index.ts'
import { makeCheck } from './make-results.ts'

interface Seen {
  readonly before: Result
  readonly after?: Result
  readonly breaks?: readonly string[]
}

function trial(seen: Readonly<Record<string, Seen>>) {
  const list = (pick: (seen: Seen) => Result | undefined): CheckResult[] =>
    Object.entries(seen).flatMap(([id, one]) => {
      const result = pick(one)
      return result ? [makeCheck(result, { id, breaks: [...(one.breaks ?? [])] })] : []
    })
  return judgeTrial({
    mutation: 'plain-logs',
    control: list(({ before }) => before),
    broken: list(({ after }) => after),
  })
}

const DECLARED = { before: 'passed', after: 'failed', breaks: ['plain-logs'] } as const
const UNTOUCHED = { before: 'passed', after: 'passed' } as const

it('is proven when exactly those change that declare it, from passed to failed', () => {
  expect(trial({ json: DECLARED, other: UNTOUCHED, open: { before: 'unknown', after: 'unknown' } })).toEqual({
    mutation: 'plain-logs',
    proven: true,
    declared: [{ page: 'docs/readiness/log.md', id: 'json' }],
    changed: [{ page: 'docs/readiness/log.md', id: 'json', from: 'passed', to: 'failed' }],
    over: 3,
    reasons: [],
  })
})

const FLAWS: readonly [what: string, seen: Seen, reason: RegExp][] = [
  ['cannot fail', { ...DECLARED, after: 'passed' }, /passed all the same/],
  ['comes out unknown', { ...DECLARED, after: 'unknown' }, /did not fail but came out unknown/],
  ['failed before', { ...DECLARED, before: 'failed' }, /did not pass before anything was broken/],
  ['was not run', { before: 'passed', breaks: ['plain-logs'] }, /was not run/],
  [
    'fails without declaring it',
    { ...UNTOUCHED, after: 'failed' },
    /went from passed to failed, and does not declare it/,
  ],
  ['is lost without declaring it', { ...UNTOUCHED, after: 'unknown' }, /went from passed to unknown/],
  ['gets well without declaring it', { before: 'failed', after: 'passed' }, /went from failed to passed/],
  ['declares another mutation', { ...DECLARED, breaks: ['quiet-logs'] }, /does not declare it/],
]

it.each(FLAWS)('is not proven when a check %s', (_, seen, reason) => {
  const verdict = trial({ json: DECLARED, odd: seen })
  expect(verdict.proven).toBe(false)
  expect(verdict.reasons).toEqual([expect.stringMatching(reason)])
  expect(verdict.reasons[0]).toContain('#odd of docs/readiness/log.md')
})

it('says how the lab was made in which it was tried', () => {
  const control = [makeCheck('passed', { breaks: ['plain-logs'] })]
  const tried = { mutation: 'plain-logs', control, broken: [makeCheck('failed', { breaks: ['plain-logs'] })] }
  expect(judgeTrial({ ...tried, profile: 'as-shipped' })).toMatchObject({ proven: true, profile: 'as-shipped' })
  expect(judgeTrial(tried)).not.toHaveProperty('profile')
})

it('is not proven when no check in sight declares it', () => {
  expect(trial({ other: UNTOUCHED })).toMatchObject({ proven: false, reasons: ['no check that was run declares it'] })
})

it('is not proven when the mutation could not be brought about, whatever the checks say', () => {
  const control = [makeCheck('passed', { breaks: ['plain-logs'] })]
  const verdict = judgeTrial({ mutation: 'plain-logs', control, broken: [], failure: 'it could not be brought about' })
  expect(verdict).toMatchObject({ proven: false, reasons: ['it could not be brought about'] })
})
