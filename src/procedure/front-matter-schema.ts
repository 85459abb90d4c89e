import * as z from 'zod/mini'
import { documentKey, parseDuration } from '../base/index.ts'
import type { ParamType } from './model.ts'

const PARAM_TYPES: readonly [ParamType, ...ParamType[]] = [
  'string',
  'number',
  'integer',
  'boolean',
  'duration',
  'bytes',
  'enum',
  'host',
]
const scalar = z.union([z.string(), z.number(), z.boolean()])
const limit = () =>
  z.optional(
    z.union([
      z.number(),
      z.string().check(z.regex(/^-?\d/, 'expected a number, a duration such as 10m or a size such as 4MiB')),
    ]),
  )
const date = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2026-11-22'))

const alertName = z.string().check(z.regex(/^[A-Z]\w*$/, 'expected an alert name in CamelCase'))
const paramName = z.string().check(z.regex(/^[a-z][A-Za-z0-9]*$/, 'expected a camelCase name'))
const text = () => z.optional(z.string())
const param = z.strictObject({
  type: documentKey('The type of the parameter', z._default(z.enum(PARAM_TYPES), 'string')),
  description: documentKey('The purpose of the parameter', text()),
  default: documentKey('The value when none is given; without a default, a value must be given', z.optional(scalar)),
  values: documentKey('The values that an `enum` may have', z.optional(z.array(z.string()).check(z.minLength(1)))),
  pattern: documentKey('A regular expression that the whole text matches', text()),
  min: documentKey('The smallest value: a number; for a duration such as `1h`; for a size such as `4MiB`', limit()),
  max: documentKey('The largest value, in the same form', limit()),
  secret: documentKey('The value is written as `[redacted]` in all output', z._default(z.boolean(), false)),
  label: documentKey('The label of the firing alert that fills the parameter', text()),
})
const budget = z
  .string()
  .check(z.refine(given => parseDuration(given) !== undefined, 'expected a duration such as 90s'))
const drill = z.strictObject({
  fault: documentKey('The fault that the drill starts: `handbook lab break --help` lists the faults', z.string()),
  with: documentKey(
    'Another fault, which is there before and remains until the alert is gone: the page heals its own beside it',
    text(),
  ),
  expect: documentKey(
    'The steps of Mitigate that the run must take, by their ids',
    z._default(z.array(z.string()), []),
  ),
  alert: documentKey('The alert that must fire; by default, the first alert of the page', text()),
  walk: documentKey(
    'The steps of Roll back that the drill walks after the heal, by their ids: what they change must then be as before the run',
    z._default(z.array(z.string()), []),
  ),
  escalates: documentKey(
    'The step of Diagnose that finds what no mitigation heals: it must fail, and the run must end so that somebody is called',
    text(),
  ),
  wakes: documentKey(
    'How often somebody may be woken, as `atMost`, and why, as `because`; by default once for a critical alert, never for another, and once more where a second fault is there',
    z.optional(z.strictObject({ atMost: z.int().check(z.positive()), because: z.string().check(z.minLength(1)) })),
  ),
  expectAlso: documentKey(
    'Other alerts that follow from the fault, if not every time; one that none of the last five runs saw is an error',
    z.optional(z.array(alertName)),
  ),
  within: documentKey(
    'The longest times, beyond which the drill proves nothing: until the alert fires, until the run has healed, until the alert is gone, in the lab’s time',
    z.optional(z.strictObject({ fire: z.optional(budget), heal: z.optional(budget), clear: z.optional(budget) })),
  ),
})

const waiver = z.strictObject({
  rule: documentKey('The rule that is waived', z.string()),
  reason: documentKey('The reason; required', text()),
  until: documentKey('The last day of the waiver, within a year, such as `2027-01-31`; required', text()),
  step: documentKey('The step to which the waiver is limited, by its id; by default, the whole page', text()),
})

/** The front matter's keys that are ours; the others belong to Docusaurus or to the page's author. */
export const frontMatterSchema = z.looseObject({
  id: documentKey('The name of the page in commands; by default, the name of its file', text()),
  title: documentKey('The page’s title', text()),
  alerts: documentKey(
    'The alerts that a runbook answers; drills wait for the first one',
    z._default(z.array(alertName), []),
  ),
  owner: documentKey('The owner of the page: one of the owners in `handbook.yaml`', text()),
  params: documentKey(
    'The values that an operator may choose: name, in camelCase, to its keys',
    z._default(z.record(paramName, param), {}),
  ),
  drills: documentKey('The faults against which the page is proven', z._default(z.array(drill), [])),
  waivers: documentKey('The rules that are waived on this page, with reasons', z._default(z.array(waiver), [])),
  reviewed: documentKey('The day on which a person last read it, such as `2026-11-22`', z.optional(date)),
  static: documentKey(
    'Nothing on this page is meant to run, even under headings of phases',
    z._default(z.boolean(), false),
  ),
  routine: documentKey('Every step of a guide is taken, whatever the others find', z._default(z.boolean(), false)),
  area: documentKey('The readiness area that an assessment page measures', text()),
  items: documentKey('The items of that area: id to title', z._default(z.record(z.string(), z.string()), {})),
  notApplicable: documentKey(
    'Items that this deployment does not need, out of those that are not always needed: id to reason',
    z._default(z.record(z.string(), z.string()), {}),
  ),
})

/** A parameter as the front matter gives it. */
export type GivenParam = z.infer<typeof param>

/** A drill as it is given. */
export type GivenDrill = z.infer<typeof drill>
