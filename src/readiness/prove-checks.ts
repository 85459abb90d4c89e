import type { Procedure, Step } from '../procedure/index.ts'
import { listChecks } from './collect-checks.ts'
import type { TrialVerdict } from './judge-trial.ts'
import type { CheckProof } from './proof-of-check.ts'

/** When and from what proofs were made. */
export interface ProofCircumstances extends Pick<CheckProof, 'date' | 'commit'> {
  /** What the proof of each check stands on, hashed. */
  readonly hashes: ReadonlyMap<Step, string>
}

/** The proof of every check of these pages, out of the trials that were made. A check that declares no breakage is not proven. */
export function proveChecks(
  pages: readonly Procedure[],
  trials: readonly TrialVerdict[],
  { date, commit, hashes }: ProofCircumstances,
): CheckProof[] {
  return pages.flatMap(page =>
    listChecks(page).map(check => {
      const { id, title, items, breaks } = check
      const own = trials.filter(({ breakage }) => breaks.includes(breakage))
      const missing = breaks.filter(name => !own.some(({ breakage }) => breakage === name))
      const reasons = [
        ...(breaks.length === 0 ? ['it names no breakage that must make it fail'] : []),
        ...missing.map(name => `${name} was not tried`),
        ...own.flatMap(({ breakage, reasons }) => reasons.map(reason => `${breakage}: ${reason}`)),
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
        contentHash: hashes.get(check) ?? '',
      }
    }),
  )
}
