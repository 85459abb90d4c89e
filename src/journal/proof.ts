import * as z from 'zod/mini'
import { notifiedSchema } from './notified.ts'
import { findChange, type ProofPart, type StandsOn } from './stands-on.ts'

const outcomes = ['healed', 'passed', 'ruled-out', 'inconclusive', 'failed', 'cancelled', 'interrupted'] as const

/** The shape of what a proof stands on: the SHA-256 of each part. */
export const standsOnSchema = z.object({
  page: z.string(),
  fault: z.optional(z.string()),
  shipped: z.optional(z.string()),
})

/** What became of everything that was acknowledged. */
const workloadSchema = z.object({
  /** What was acknowledged, in the plural. */
  name: z.string(),
  acknowledged: z.number(),
  lost: z.number(),
  /** Counts of this workload's own, each by the word for it. */
  counts: z._default(z.record(z.string(), z.number()), {}),
})
/** The same as proofs of before have it, under the workload's name. */
const formerWorkloadSchema = z.catchall(z.object({ acknowledged: z.number(), lost: z.number() }), z.number())

/** A place of a page at which a step suggests a mitigation. */
const suggestedSchema = z.object({
  /** The step of Diagnose. */
  step: z.string(),
  /** The mitigation; null when the block decides only as it runs. */
  suggests: z.nullable(z.string()),
  /** The words of the reason, as the block is written; `…` is what is known only as it runs. */
  why: z.string(),
})

/** Attempts by when they ended, in spans of equal length from the workload's start on. */
const courseSchema = z.object({
  /** The length of a span, in seconds. */
  span: z.number(),
  /** After how many seconds an acknowledgement is late. */
  late: z.number(),
  well: z.readonly(z.array(z.number())),
  slow: z.readonly(z.array(z.number())),
  failed: z.readonly(z.array(z.number())),
})

const recordedSchema = z.looseObject({
  /** Runbook and faults: `disk-filling--disk-filling`, `disk-filling--disk-filling+queue-stuck`. */
  id: z.string(),
  procedure: z.string(),
  proven: z.boolean(),
  fault: z.string(),
  /** Another fault, which was there before, and until the alert was gone. */
  with: z.optional(z.string()),
  environment: z.string(),
  /** How the lab was made; proofs that do not say it come from the usual way. */
  profile: z.optional(z.string()),
  /** What the drill cannot prove, because of what the lab is. */
  notProven: z.optional(z.array(z.string())),
  /** How much the deployment was used meanwhile; proofs that do not say it, as usual: little. */
  intensity: z.optional(z.enum(['low', 'high'])),
  /** What the moment of the fault was drawn from; without it the fault came at once. */
  seed: z.optional(z.string()),
  /** By how much the rules' durations were divided. */
  timeScale: z.number(),
  /** What told of the fault; `diagnose` alone cannot prove. */
  signal: z.enum(['alertmanager', 'dead-mans-switch', 'diagnose']),
  alert: z.optional(z.string()),
  /** The id of the run and the SHA-256 that its ledger ends with. */
  run: z.string(),
  ledgerHead: z.optional(z.string()),
  outcome: z.enum(outcomes),
  /** The step of Diagnose that found what no mitigation heals: the run ended so that somebody is called. */
  escalated: z.optional(z.string()),
  steps: z.object({ run: z.array(z.string()), notRun: z.array(z.string()) }),
  /** The places at which the run suggested a mitigation; proofs of before do not say it. */
  suggested: z.optional(z.array(suggestedSchema)),
  /** The roll-back steps that were walked after the heal, and what each of them restored to what it was before the run. */
  walked: z.optional(z.array(z.object({ step: z.string(), restored: z.array(z.string()) }))),
  /** How the run on the healthy deployment ended; a proof wants `ruled-out`. */
  control: z.enum(outcomes),
  /** SHA-256 over everything that it stands on. */
  contentHash: z.string(),
  /** The parts of that: the page with its scripts and rules, the fault with the workload, what is shipped. */
  standsOn: z.optional(standsOnSchema),
  commit: z.string(),
  date: z.string(),
  secondsToFire: z.nullable(z.number()),
  secondsToHeal: z.nullable(z.number()),
  secondsToClear: z.nullable(z.number()),
  /** The longest times that the drill was given, in seconds. */
  within: z.optional(
    z.object({ fire: z.optional(z.number()), heal: z.optional(z.number()), clear: z.optional(z.number()) }),
  ),
  /** The other alerts that fired from the fault until the end; without it nobody was asked. */
  alsoFired: z.optional(z.array(z.string())),
  /** The same of the runs before it, the latest first; proofs of before keep none. */
  alsoFiredBefore: z.optional(z.array(z.array(z.string()))),
  /** Who was notified from the fault until the end, by receiver; without it that is unknown. */
  notifications: z.optional(z.array(notifiedSchema)),
  /** How often somebody may be woken, and why not once, where the page says it. */
  wakes: z.optional(z.object({ atMost: z.number(), because: z.string() })),
  /** The programs that took part, each with its version. */
  versions: z.optional(z.record(z.string(), z.string())),
  workload: z.optional(workloadSchema),
  felt: z.optional(
    z.object({ failedShare: z.number(), longestGapSeconds: z.number(), course: z.optional(courseSchema) }),
  ),
  /** When the parts of the drill began, in seconds from the workload's start on. */
  moments: z.optional(
    z.object({
      broken: z.number(),
      fired: z.optional(z.number()),
      healing: z.optional(z.number()),
      healed: z.optional(z.number()),
      escalated: z.optional(z.number()),
      cleared: z.optional(z.number()),
    }),
  ),
  /** Why it is not proven. */
  reason: z.optional(z.string()),
})

/** The shape of a proof file, `static/proofs/<id>.json`, as it is written and as it was before. */
export const proofSchema = z.pipe(recordedSchema, z.transform(nameWorkload))

/** The recorded result of a drill. */
export type Proof = z.infer<typeof recordedSchema>

/** A place of a page at which a step suggests a mitigation. */
export type Suggested = Readonly<z.infer<typeof suggestedSchema>>

/** What a drill's proof is worth now. */
export type ProofState =
  | { readonly state: 'proven'; readonly proof: Proof }
  /** `parts` is empty when the proof does not tell which part it stood on. */
  | { readonly state: 'changed'; readonly proof: Proof; readonly parts: readonly ProofPart[] }
  | { readonly state: 'not-proven'; readonly proof?: Proof; readonly reason: string }

/** Judges a drill's newest proof against what the page, its fault and what is shipped are now. */
export function judgeProof(proof: Proof | undefined, now: StandsOn): ProofState {
  if (!proof) return { state: 'not-proven', reason: 'never drilled' }
  if (!proof.proven) return { state: 'not-proven', proof, reason: proof.reason ?? 'the drill failed' }
  if (proof.profile === PARTIAL)
    return { state: 'not-proven', proof, reason: 'its lab lacked something of what is shipped' }
  const parts = findChange(proof, now)
  return parts === undefined ? { state: 'proven', proof } : { state: 'changed', proof, parts }
}

/** The profile of a lab that lacks something of what was asked for. */
const PARTIAL = 'partial'

/** A drill's id, and its proof's file name: runbook and faults. */
export function nameProof(procedure: string, drill: DrilledFaults): string {
  return `${procedure}--${nameFaults(drill)}`
}

/** The faults of a drill by one name: `disk-filling`, and beside another one `disk-filling+queue-stuck`. */
export function nameFaults({ fault, with: other }: DrilledFaults): string {
  return other === undefined ? fault : `${fault}+${other}`
}

/** The fault that a page heals, and the one that is there meanwhile, if any. */
interface DrilledFaults {
  readonly fault: string
  readonly with?: string | undefined
}

/** What proofs of before say of their workload; where nothing was counted they say 0. */
function nameWorkload(recorded: Proof): Proof {
  if (recorded.workload) return recorded
  for (const [name, value] of Object.entries(recorded)) {
    const former = z.safeParse(formerWorkloadSchema, value)
    if (!former.success) continue
    const { acknowledged, lost, ...counts } = former.data
    const named: Proof = {
      ...recorded,
      ...(acknowledged > 0 ? { workload: { name, acknowledged, lost, counts } } : {}),
    }
    delete named[name]
    return named
  }
  return recorded
}
