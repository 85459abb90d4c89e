import { recordParts, type StandsOn } from '../journal/index.ts'
import type { Procedure, Step } from '../procedure/index.ts'
import { listChecks } from './collect-checks.ts'
import type { TrialVerdict } from './judge-trial.ts'
import type { CheckProof } from './proof-of-check.ts'

/** When and from what proofs were made. */
export interface ProofCircumstances extends Pick<CheckProof, 'date' | 'commit'> {
  /** What the proof of each check stands on, hashed. */
  readonly standsOn: ReadonlyMap<Step, StandsOn>
}

/** The proof of every check of these pages, out of the trials that were made. A check that declares no mutation is not proven. */
export function proveChecks(
  pages: readonly Procedure[],
  trials: readonly TrialVerdict[],
  { date, commit, standsOn }: ProofCircumstances,
): CheckProof[] {
  return pages.flatMap(page =>
    listChecks(page).map(check => {
      const { id, title, items, breaks } = check
      const own = trials.filter(({ mutation }) => breaks.includes(mutation))
      const missing = breaks.filter(name => !own.some(({ mutation }) => mutation === name))
      const reasons = [
        ...(breaks.length === 0 ? ['it names no mutation that must make it fail'] : []),
        ...missing.map(name => `${name} was not tried`),
        ...own.flatMap(({ mutation, reasons }) => reasons.map(reason => `${mutation}: ${reason}`)),
      ]
      return {
        page: page.path,
        id,
        title,
        items: [...items],
        breaks: [...breaks],
        proven: reasons.length === 0,
        ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }),
        over: Math.max(0, ...own.map(({ over }) => over)),
        date,
        commit,
        ...recordParts(standsOn.get(check) ?? { page: null }),
      }
    }),
  )
}
