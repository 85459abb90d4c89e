import * as z from 'zod/mini'
import { standsOnSchema } from '../journal/index.ts'

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
      /** What keeps it from being proven. */
      reason: z.optional(z.string()),
      /** How many checks were looked at for changes that nobody declared. */
      over: z.number(),
      /** ISO 8601, UTC. */
      date: z.string(),
      commit: z.string(),
      /** SHA-256 over everything that it stands on. */
      contentHash: z.string(),
      /** The parts of that: the check's block, what its mutations do, what is shipped. */
      standsOn: z.optional(standsOnSchema),
    }),
  ),
})

/** The results for the checks that were to be proven. */
export type CheckProofs = z.infer<typeof checkProofsSchema>

/** A check, and whether it was seen to fail when the property that it guards was broken, and only then. */
export type CheckProof = CheckProofs['checks'][number]
