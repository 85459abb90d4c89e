import * as z from 'zod/mini'
import {
  describeIssue,
  describeYamlError,
  documentKey,
  findIssueOffset,
  findNamelessKey,
  findYamlOffset,
  NAMELESS,
  NAMELESS_HINT,
  type Problem,
  toVariable,
} from '../base/index.ts'
import type { Drill, Param, ParamType, StructureRule, Waiver } from './model.ts'
import { describeLimit, isTaken, parseLimit, parseParam } from './params.ts'
import { type Matter, readMatter } from './yaml-places.ts'

/** What a page's front matter says, typed. */
export interface FrontMatter {
  readonly id?: string
  readonly title?: string
  readonly alerts: readonly string[]
  readonly owner?: string
  readonly params: readonly Param[]
  readonly drills: readonly Drill[]
  readonly waivers: readonly Waiver[]
  readonly reviewed?: string
  readonly static: boolean
  readonly routine: boolean
  readonly area?: string
  readonly items: Readonly<Record<string, string>>
  readonly notApplicable: Readonly<Record<string, string>>
}

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
const drill = z.strictObject({
  fault: documentKey('The fault that the drill starts: `handbook lab break --help` lists the faults', z.string()),
  expect: documentKey(
    'The steps of Mitigate that the run must take, by their ids',
    z._default(z.array(z.string()), []),
  ),
  alert: documentKey('The alert that must fire; by default, the first alert of the page', text()),
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

const EMPTY: FrontMatter = {
  alerts: [],
  params: [],
  drills: [],
  waivers: [],
  static: false,
  routine: false,
  items: {},
  notApplicable: {},
}

/**
 * Reads a page's front matter. `firstLine` is the page's line on which the YAML itself begins (2 in most pages).
 * Broken YAML and wrong values come back as problems at their own place; what could be read is kept.
 */
export function parseFrontMatter(
  yaml: string,
  file: string,
  firstLine: number,
): { frontMatter: FrontMatter; problems: Problem[]; matter: Matter } {
  const matter = readMatter(yaml, firstLine)
  const { document } = matter
  const problems: Problem[] = []
  const report = (offset: number, message: string, hint?: string) => {
    problems.push({
      file,
      ...matter.placeAt(offset),
      rule: 'front-matter' satisfies StructureRule,
      severity: 'error',
      message,
      ...(hint ? { hint } : {}),
    })
  }
  for (const error of document.errors) {
    const { message, hint } = describeYamlError(error, yaml)
    report(error.pos[0], `The front matter is not valid YAML: ${message}`, hint)
  }
  const nameless = problems.length === 0 ? findNamelessKey(document) : undefined
  if (nameless !== undefined) report(nameless, NAMELESS, NAMELESS_HINT)
  if (problems.length > 0) return { frontMatter: EMPTY, problems, matter }

  let raw: unknown
  try {
    raw = document.toJS() ?? {}
  } catch (error) {
    // An alias without an anchor, or with far too many of them.
    report(0, `The front matter is not valid YAML: ${error instanceof Error ? error.message : String(error)}`)
    return { frontMatter: EMPTY, problems, matter }
  }
  const place = (path: readonly PropertyKey[]) => findYamlOffset(document, path)
  const result = frontMatterSchema.safeParse(raw, { error: describeIssue })
  if (!result.success) {
    for (const issue of result.error.issues) {
      report(findIssueOffset(document, issue), `${['front matter', ...issue.path].join(' › ')}: ${issue.message}`)
    }
    return { frontMatter: EMPTY, problems, matter }
  }
  const { data } = result
  const params = Object.entries(data.params).map(([name, given]) => {
    const param = readParam(name, given)
    const offset = place(['params', name])
    if (isTaken(name)) {
      report(offset, `The parameter ${name} would override the variable ${toVariable(name)}`, 'Choose another name')
    }
    for (const end of ['min', 'max'] as const) {
      if (given[end] !== undefined && param[end] === undefined)
        report(
          place(['params', name, end]),
          `The ${end} of ${name} does not fit: expected ${describeLimit(param.type)}`,
        )
    }
    if (param.min !== undefined && param.max !== undefined && param.min > param.max) {
      report(place(['params', name, 'min']), `The min of ${name} is more than its max`)
    }
    if (param.type !== 'enum' && param.values) {
      report(
        place(['params', name, 'values']),
        `Only an enum has values, and ${name} is of type ${param.type}`,
        'Write type: enum',
      )
    }
    if (param.type === 'enum' && !param.values) report(offset, `The enum ${name} names no values`, 'Add values: [a, b]')
    if (param.pattern !== undefined && !isPattern(param.pattern)) {
      report(place(['params', name, 'pattern']), `The pattern of ${name} is not a regular expression`)
    } else if (given.default !== undefined) {
      const parsed = parseParam(param, String(given.default))
      if ('value' in parsed) return { ...param, default: parsed.value }
      report(place(['params', name, 'default']), `The default of ${name} does not fit: expected ${parsed.expected}`)
    }
    return param
  })
  return {
    frontMatter: {
      ...pick(data, ['id', 'title', 'owner', 'reviewed', 'area']),
      alerts: data.alerts,
      params,
      drills: data.drills.map(({ fault, expect, alert }) => ({ fault, expect, ...(alert ? { alert } : {}) })),
      waivers: data.waivers.map(({ rule, ...rest }) => ({ rule, ...defined(rest) })),
      static: data.static,
      routine: data.routine,
      items: data.items,
      notApplicable: data.notApplicable,
    },
    problems,
    matter,
  }
}

type GivenParam = z.infer<typeof param>

function readParam(name: string, { default: _, min, max, type, secret, ...rest }: GivenParam): Param {
  const read = (limit: string | number | undefined) =>
    limit === undefined ? undefined : parseLimit(type, String(limit))
  return { name, type, secret, ...defined({ ...rest, min: read(min), max: read(max) }) }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u')
    return true
  } catch {
    return false
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(object: T): Defined<T> {
  const result: Defined<T> = {}
  for (const key in object) {
    const value = object[key]
    if (value !== undefined) result[key] = value as Exclude<T[typeof key], undefined>
  }
  return result
}

function pick<T extends object, K extends keyof T>(object: T, keys: readonly K[]): Defined<Pick<T, K>> {
  const result: Partial<Pick<T, K>> = {}
  for (const key of keys) result[key] = object[key]
  return defined(result as Pick<T, K>)
}
