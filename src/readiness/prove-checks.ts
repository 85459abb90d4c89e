import * as z from 'zod/mini'
import { recordParts, type StandsOn, standsOnSchema } from '../journal/index.ts'
import type { Procedure, Step } from '../procedure/index.ts'
import { listChecks } from './collect-checks.ts'
import type { TrialVerdict } from './judge-trial.ts'

/** When and from what proofs were made. */
interface ProofCircumstances extends Pick<CheckProof, 'date' | 'commit'> {
  /** The parts that the proof of each check depends on, hashed. */
  readonly standsOn: ReadonlyMap<Step, StandsOn>
}

/** The proof of every check of these pages, from the trials. A check that declares no mutation is not proven. */
export function proveChecks(
  pages: readonly Procedure[],
  trials: readonly TrialVerdict[],
  { date, commit, standsOn }: ProofCircumstances,
): CheckProof[] {
  return pages.flatMap(page =>
    listChecks(page).map(check => {
      const { id, title, items, breaks } = check
      const own = trials.filter(({ mutation }) => breaks.includes(mutation))
      const profile = own.find(({ profile }) => profile !== undefined)?.profile
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
        ...(profile === undefined ? {} : { profile }),
        date,
        commit,
        ...recordParts(standsOn.get(check) ?? { page: null }),
      }
    }),
  )
}

/** The shape of `static/readiness/proofs.json`: what `handbook assess --prove --write` found of each check. */
export const checkProofsSchema = z.object({
  checks: z.array(
    z.object({
      page: z.string(),
      id: z.string(),
      title: z.string(),
      items: z.array(z.string()),
      breaks: z.array(z.string()),
      proven: z.boolean(),
      /** Why it is not proven. */
      reason: z.optional(z.string()),
      /** How many checks were looked at for changes that nobody declared. */
      over: z.number(),
      /** How the lab was made in which its mutations were tried; none when they were tried in copies of the repository. */
      profile: z.optional(z.string()),
      /** ISO 8601, UTC. */
      date: z.string(),
      commit: z.string(),
      /** SHA-256 over everything that the proof depends on. */
      contentHash: z.string(),
      /** The parts of that: the check's block, what its mutations do, what is shipped. */
      standsOn: z.optional(standsOnSchema),
    }),
  ),
})

/** The results for the checks that were to be proven. */
export type CheckProofs = z.infer<typeof checkProofsSchema>

/** The proof that a check fails when its property is broken, and only then. */
export type CheckProof = CheckProofs['checks'][number]
