import { describeFailure, type Problem } from '../base/index.ts'
import type { RuleFile } from './alert-rule.ts'
import { askPromtool, askPromtoolVersion, type PromtoolVerdict } from './ask-promtool.ts'
import { RuleSource, readRules } from './read-rules.ts'
import { NEWER } from './rule-shapes.ts'
import type { RulePoint } from './rule-yaml.ts'

/** The content of a file of rules, and its path for problems. */
export interface RuleContent {
  readonly content: Uint8Array | string
  readonly file: string
}

/**
 * Reads files of rules as one, and lets promtool, where it is installed, judge all of them. What it takes is right. What it refuses is
 * wrong, unless the file says what only newer versions read: that is a warning.
 */
export async function judgeRules(files: readonly RuleContent[], promtool: boolean): Promise<RuleFile> {
  if (files.length === 0) return { rules: [], problems: [] }
  if (!promtool) return { ...join(files.map(({ content, file }) => readRules(content, file))), unjudged: UNJUDGED }
  const sources = files.map(({ content, file }) => new RuleSource(content, file))
  const verdicts = await askPromtool(sources.flatMap(({ copies }) => copies)).catch(describeFailure)
  if (typeof verdicts === 'string') {
    const read = sources.map(source => source.finish(source.problems))
    const silence = makeProblem(
      files[0]?.file ?? '',
      `promtool could not be asked: ${verdicts}`,
      'Try promtool --version',
    )
    return join([{ rules: [], problems: [silence] }, ...read])
  }
  let version: Promise<string> | undefined
  const askVersion = () => (version ??= askPromtoolVersion())
  const starts = sources.map((_, index) => sources.slice(0, index).reduce((sum, { copies }) => sum + copies.length, 0))
  return join(
    await Promise.all(
      sources.map(async (source, index) => {
        const start = starts[index] ?? 0
        return source.finish(await judge(source, verdicts.slice(start, start + source.copies.length), askVersion))
      }),
    ),
  )
}

const UNJUDGED = 'promtool is not installed: whether Prometheus takes the rule files was not checked'

type AskVersion = () => Promise<string>

/** The problems of a file, with what promtool says of it and of its cut copies. */
async function judge(
  source: RuleSource,
  verdicts: readonly PromtoolVerdict[],
  askVersion: AskVersion,
): Promise<readonly Problem[]> {
  if (source.isRuleFile && verdicts[0]?.length === 0) return excuse(source.problems)
  const silent = [...new Set(verdicts)].flatMap(verdict =>
    typeof verdict === 'string'
      ? [makeProblem(source.file, `promtool gave no verdict on this file: it ${verdict}`)]
      : [],
  )
  const errors = [...new Set(verdicts.flatMap(verdict => (typeof verdict === 'string' ? [] : verdict)))]
  const found = await Promise.all(
    errors.map(error => (source.isUnread && error.startsWith('yaml: ') ? [] : explain(error, source, askVersion))),
  )
  return [...source.problems, ...silent, ...found.flat()]
}

/** Promtool takes the file: what we found to be wrong with it is not, but that we cannot read it. */
function excuse(problems: readonly Problem[]): readonly Problem[] {
  return problems.flatMap(problem => {
    const { severity, rule, message } = problem
    if (rule === 'rules-yaml')
      return [{ ...problem, message: `Prometheus reads this, and the handbook does not: ${message}` }]
    return severity === 'warning' ? [problem] : []
  })
}

const RULE = /^group "((?:\\.|[^"\\])*)", rule (\d+), "((?:\\.|[^"\\])*)": /
const FIELD = /^(?:label|annotation) "([^"]*)": |^invalid (?:label|annotation) name: (.*)/

/** An error of promtool at its place, unless the place is known to be wrong already. */
async function explain(error: string, source: RuleSource, askVersion: AskVersion): Promise<readonly Problem[]> {
  const [places = ''] = /^(?:\d+:\d+: )+/.exec(error) ?? []
  const [line = '', number] = /^(?:yaml: )?line (\d+): /.exec(error) ?? []
  const [head = '', group, index, name] = RULE.exec(error.slice(places.length)) ?? []
  const text = error.slice(places.length + line.length + head.length)
  const found = FIELD.exec(text)
  const point =
    pointIn(places) ??
    (number === undefined ? undefined : source.placeOfLine(Number(number))) ??
    source.groups.findRule(group?.replace(/\\(.)/g, '$1') ?? '', Number(index), found?.[1] ?? found?.[2]) ??
    source.groups.findDuration(/^not a valid duration string: "(.*)"$/.exec(text)?.[1] ?? '') ??
    START
  const [, unknown] = /^field (\S+) not found/.exec(text) ?? []
  const isKnown = source.problems.some(
    ({ line, severity, message }) =>
      line === point.line && (severity === 'error' || message.startsWith(`\`${unknown}\` is a field of`)),
  )
  if (isKnown) return []
  const place = { file: source.file, ...point, rule: line.startsWith('yaml') ? 'rules-yaml' : 'rules-shape' }
  const newer = NEWER.find(([refusal]) => refusal.test(text))
  if (newer) {
    const what = newer[1].replace('$1', newer[0].exec(text)?.[1] ?? '')
    const message = `${what} is newer than Prometheus ${await askVersion()}, which refuses the file`
    return [{ ...place, severity: 'warning', message, hint: 'promtool did not judge the rest of it' }]
  }
  if (!source.isRuleFile && /^yaml: unknown anchor/.test(text))
    return [{ ...place, severity: 'warning', message: `promtool could not judge the rules by themselves: ${text}` }]
  const what = name === undefined || name === '' ? 'the file' : `\`${name}\``
  return [{ ...place, severity: 'error', message: `promtool refuses ${what}: ${text}` }]
}

const START: RulePoint = { line: 1, column: 1 }

/** The first place that promtool names; it writes 0:0 where it knows none. */
function pointIn(places: string): RulePoint | undefined {
  const [, line, column] = /(?<!\d)([1-9]\d*):(\d+): /.exec(places) ?? []
  return line === undefined ? undefined : { line: Number(line), column: Number(column) }
}

function makeProblem(file: string, message: string, hint?: string): Problem {
  return { file, ...START, rule: 'rules-shape', severity: 'error', message, ...(hint ? { hint } : {}) }
}

function join(files: readonly RuleFile[]): RuleFile {
  return { rules: files.flatMap(({ rules }) => rules), problems: files.flatMap(({ problems }) => problems) }
}
