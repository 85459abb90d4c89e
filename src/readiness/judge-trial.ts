import type { CheckResult, Result } from './assessment.ts'

/** A mutation that was started, and the results of all checks in reach without it and with it. */
export interface Trial {
  readonly mutation: string
  readonly control: readonly CheckResult[]
  readonly broken: readonly CheckResult[]
  /** How the lab was made in which it was tried; nothing when it was tried in a copy of the repository. */
  readonly profile?: string
  /** Why the mutation could not be started or undone. */
  readonly failure?: string
}

/** The result of a trial. */
export interface TrialVerdict {
  readonly mutation: string
  /** Whether exactly the checks that declare the mutation changed, and each from passed to failed. */
  readonly proven: boolean
  readonly declared: readonly CheckName[]
  readonly changed: readonly (CheckName & { readonly from: Result; readonly to: Result })[]
  /** How many checks were looked at while it was in effect. */
  readonly over: number
  /** How the lab was made in which it was tried. */
  readonly profile?: string
  /** The reasons why the mutation is not proven, one on each line. */
  readonly reasons: readonly string[]
}

/** A check, by its page's path and its id there. */
export interface CheckName {
  readonly page: string
  readonly id: string
}

/** Compares what changed with what was declared. */
export function judgeTrial({ mutation, control, broken, profile, failure }: Trial): TrialVerdict {
  const declared = control.filter(({ breaks }) => breaks.includes(mutation))
  const pairs = control.map(before => ({ before, after: broken.find(check => isSame(check, before)) }))
  const changed = pairs.flatMap(({ before, after }) =>
    after && after.result !== before.result ? [{ ...nameOf(before), from: before.result, to: after.result }] : [],
  )
  const flaws = pairs.flatMap(({ before, after }) => findFlaw(before, after, declared.includes(before)) ?? [])
  const silent = declared.length === 0 ? ['no check that was run declares it'] : []
  const reasons = failure === undefined ? [...silent, ...flaws] : [failure]
  return {
    mutation,
    proven: reasons.length === 0,
    declared: declared.map(nameOf),
    changed,
    over: broken.length,
    ...(profile === undefined ? {} : { profile }),
    reasons,
  }
}

function findFlaw(before: CheckResult, after: CheckResult | undefined, declared: boolean): string | undefined {
  const name = `#${before.id} of ${before.page}`
  if (!declared) {
    if (!after || after.result === before.result) return undefined
    return `${name} went from ${before.result} to ${after.result}, and does not declare it${because(after)}`
  }
  if (before.result !== 'passed')
    return `${name} did not pass before anything was broken: ${before.result}${because(before)}`
  switch (after?.result) {
    case 'failed':
      return undefined
    case 'passed':
      return `${name} passed all the same: it does not fail for this`
    case 'unknown':
    case 'not-applicable':
      return `${name} did not fail but came out ${after.result}${because(after)}`
    case undefined:
      return `${name} was not run`
    default:
      return after?.result satisfies undefined
  }
}

function because({ reason }: CheckResult): string {
  const line = reason?.split('\n').find(line => line.trim() !== '')
  return line === undefined ? '' : ` (${line.trim()})`
}

function isSame(a: CheckName, b: CheckName): boolean {
  return a.page === b.page && a.id === b.id
}

function nameOf({ page, id }: CheckName): CheckName {
  return { page, id }
}
