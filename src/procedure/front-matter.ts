import {
  describeIssue,
  describeYamlError,
  findIssueOffset,
  findNamelessKey,
  findYamlOffset,
  NAMELESS,
  NAMELESS_HINT,
  type Problem,
  parseDuration,
  toVariable,
} from '../base/index.ts'
import { frontMatterSchema, type GivenDrill, type GivenParam } from './front-matter-schema.ts'
import type { Drill, DrillBudget, Param, StructureRule, Waiver } from './model.ts'
import { describeLimit, describeMisfit, isTaken, parseLimit, parseParam } from './params.ts'
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
      const fits = parsed.unjudged === undefined ? 'does not fit' : 'may not fit'
      report(place(['params', name, 'default']), `The default of ${name} ${fits}: expected ${describeMisfit(parsed)}`)
    }
    return param
  })
  return {
    frontMatter: {
      ...pick(data, ['id', 'title', 'owner', 'reviewed', 'area']),
      alerts: data.alerts,
      params,
      drills: data.drills.map(({ fault, with: other, expect, alert, walk, escalates, wakes, expectAlso, within }) => ({
        fault,
        ...(other ? { with: other } : {}),
        expect,
        ...(alert ? { alert } : {}),
        ...(walk.length > 0 ? { walk } : {}),
        ...(escalates ? { escalates } : {}),
        ...(wakes ? { wakes } : {}),
        ...(expectAlso ? { expectAlso } : {}),
        ...(within ? { within: readBudget(within) } : {}),
      })),
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

function readBudget(within: NonNullable<GivenDrill['within']>): DrillBudget {
  const budget: { -readonly [Part in keyof DrillBudget]: DrillBudget[Part] } = {}
  for (const part of ['fire', 'heal', 'clear'] as const) {
    const limit = within[part] === undefined ? undefined : parseDuration(within[part])
    if (limit !== undefined) budget[part] = limit
  }
  return budget
}

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
