import * as z from 'zod/mini'
import type { Json } from '../journal/index.ts'

/** The possible results of a check or an item; `unknown` is neither a pass nor a failure. */
export const RESULTS = ['passed', 'failed', 'not-applicable', 'unknown'] as const

/** The result of a check or an item. */
export type Result = (typeof RESULTS)[number]

const json: z.ZodMiniType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
)

const check = z.object({
  /** The step's id on its page. */
  id: z.string(),
  title: z.string(),
  page: z.string(),
  line: z.number(),
  result: z.enum(RESULTS),
  /** Why it did not pass. */
  reason: z.optional(z.string()),
  evidence: z.object({
    /** The last lines that the check printed. */
    output: z.optional(z.string()),
    value: z.optional(json),
    /** Kept files, relative to the run's folder. */
    files: z.array(z.string()),
    seconds: z.number(),
    /** The run's id: the folder below `.handbook/runs`. */
    run: z.string(),
  }),
  /** The mutations that must make it fail. */
  breaks: z.array(z.string()),
})

const item = z.object({
  id: z.string(),
  area: z.string(),
  title: z.string(),
  need: z.enum(['required', 'optional', 'if-multi-user']),
  weight: z.number(),
  result: z.enum(RESULTS),
  /** Why it did not pass, or does not apply. */
  reason: z.optional(z.string()),
  checks: z.array(check),
})

const area = z.object({
  id: z.string(),
  title: z.string(),
  /** Percent, rounded down to a tenth; null when nothing in it applies. */
  score: z.nullable(z.number()),
  claimed: z.nullable(z.number()),
})

const move = z.object({ item: z.string(), title: z.string(), points: z.number(), hours: z.number() })
const way = z.object({ to: z.number(), hours: z.number(), score: z.number(), items: z.array(z.string()) })

const earlier = z.object({
  date: z.string(),
  commit: z.string(),
  environment: z.string(),
  profile: z.optional(z.string()),
  /** In words, with the number of unknown items. */
  says: z.string(),
})

const reconstruction = z.object({
  /** The mutations that were in effect together, with the SHA-256 of what each does; null where nobody knows it. */
  made: z.record(z.string(), z.nullable(z.string())),
  /** Those that were not made, each with the reason. */
  leftOut: z.record(z.string(), z.string()),
})

/** The shape of an assessment, as `handbook assess --json` prints it and `static/readiness/assessment.json` keeps it. */
export const assessmentSchema = z.object({
  score: z.nullable(z.number()),
  areas: z.array(area),
  items: z.array(item),
  /** What was claimed by hand, if anything was. */
  claimed: z.optional(
    z.object({
      overall: z.number(),
      /** The mean of the claimed parts; null when nothing was claimed. */
      mean: z.nullable(z.number()),
      complete: z.array(z.object({ title: z.string(), claimed: z.number() })),
    }),
  ),
  next: z.object({ moves: z.array(move), ways: z.array(way) }),
  environment: z.string(),
  /** How the lab was made in which it was measured; none when it was measured elsewhere. */
  profile: z.optional(z.string()),
  /** ISO 8601, UTC. */
  date: z.string(),
  commit: z.string(),
  /** SHA-256 of each page, by the page's path. */
  pages: z.record(z.string(), z.string()),
  /**
   * Set when what was measured had been made worse on purpose, to be what was claimed of it once. An item counts only by the checks that guard
   * something of that; an item without one is unknown.
   */
  reconstruction: z.optional(reconstruction),
  /** What was kept before it, the newest first. */
  history: z.optional(z.array(earlier)),
})

/** A whole assessment. */
export type Assessment = z.infer<typeof assessmentSchema>

/** A check's result within an assessment. */
export type CheckResult = z.infer<typeof check>

/** An item's result within an assessment. */
export type ItemResult = z.infer<typeof item>

/** An area's score within an assessment. */
export type AreaScore = z.infer<typeof area>

/** Every item that does not pass, the most useful first, and the shortest ways to a score. */
export type Next = Assessment['next']

/** One item that does not pass, and the points that it would bring. */
export type Move = z.infer<typeof move>
