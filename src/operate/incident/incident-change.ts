import * as z from 'zod/mini'
import { LEGIBLE } from '../../base/index.ts'
import { ROLES, SEVERITIES } from '../../journal/index.ts'

/** Words for people who read them at night: a few. */
const words = z.string().check(z.trim(), z.regex(LEGIBLE, 'expected words'), z.maxLength(2000))
const person = z.string().check(z.regex(/^[\w.@+-]{1,100}$/, 'expected the name of a person, without spaces'))
const role = z.enum(ROLES)
/** Minutes until the next word. */
const minutes = z.int().check(z.minimum(1), z.maximum(1440))
/** A line of the timeline: of the incident itself, or of a run. */
const ENTRY = /^(?:i\d{1,6}|\d{8}-\d{6}-\w+\.\d{1,9})$/

/** What a person may change in an incident. */
export const incidentChangeSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('describe'),
    severity: z.optional(z.enum(SEVERITIES)),
    sees: z.optional(words),
  }),
  /** Offers a role; whoever names themselves takes it. */
  z.strictObject({ do: z.literal('offer'), role, to: person }),
  z.strictObject({ do: z.literal('accept'), role }),
  z.strictObject({ do: z.literal('word'), text: words, nextIn: z.optional(minutes) }),
  z.strictObject({ do: z.literal('promise'), nextIn: minutes }),
  z.strictObject({ do: z.literal('note'), text: words }),
  z.strictObject({ do: z.literal('ask'), text: words }),
  z.strictObject({ do: z.literal('answer'), question: z.int(), text: words }),
  z.strictObject({ do: z.literal('pin'), entry: z.string().check(z.regex(ENTRY)), pinned: z.boolean() }),
  z.strictObject({ do: z.literal('close'), reason: z.optional(words) }),
])

/** What a person may change in an incident. */
export type IncidentChange = z.infer<typeof incidentChangeSchema>
