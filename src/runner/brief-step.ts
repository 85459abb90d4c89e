import type { Json, StepResult } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import { describeSight } from './make-request.ts'
import type { Run } from './run.ts'

/** The most lines in which it is told what was found so far. */
const MOST = 5
/** The most characters of such a line, and of a value in a block. */
const WIDTH = 76
const LONGEST = 60

/** What a person sees before a step that changes something, beside the step itself. */
export interface Brief {
  /** The machine that it runs on. */
  readonly host: string
  /** What was found so far, a line each. */
  readonly found: readonly string[]
  /** Every line of the block, with its values filled in. */
  readonly lines: readonly string[]
}

/** Tells a person what a step is about to do, and why. Secrets are not in it. */
export function briefStep(run: Run, step: Step): Brief {
  return { host: run.request.by.host, found: listFound(run), lines: fillBlock(run, step) }
}

/** Notes what a step found, for whoever is asked about a later one. */
export function noteFound(run: Run, step: Step, result: StepResult): void {
  const { status, value, reason, error } = result
  const suggested = run.suggestions.filter(({ by }) => by === step.id).map(({ why }) => why)
  const said =
    status === 'passed'
      ? [...suggested, ...(value === undefined ? [] : [sayValue(value)])].join('; ')
      : [status.replace('-', ' '), reason ?? error?.message].filter(Boolean).join(': ')
  run.found.delete(step.id)
  if (said !== '')
    run.found.set(
      step.id,
      shorten(run.redaction.text(`${step.title}${/[?!]$/.test(step.title) ? '' : ':'} ${said}`), WIDTH),
    )
}

/** The lines that say most: those that failed or point somewhere come before those that only name values. */
function listFound({ found }: Run): string[] {
  const lines = [...found.values()]
  if (lines.length <= MOST) return lines
  return [...lines.slice(0, MOST - 1), `… and ${lines.length - MOST + 1} more: they stand above`]
}

function sayValue(value: Json): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return sayOne(value)
  return Object.entries(value)
    .map(([key, inner]) => `${key}=${sayOne(inner)}`)
    .join(' ')
}

function sayOne(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const lines = text.split('\n')
  return shorten(lines.length > 1 ? `${lines[0]} … (${lines.length} lines)` : text, LONGEST)
}

function shorten(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}

/** The lines of a block with the parameters, facts and earlier values in place of their names; secrets keep theirs. */
function fillBlock(run: Run, step: Step): string[] {
  const { request, values, redaction } = run
  const { procedure, params, environment } = request
  const lines = step.block.code.split('\n')
  const secret = procedure.params.flatMap(param => (param.secret ? [param.name] : []))
  const shown = Object.fromEntries(Object.entries(params).filter(([name]) => !secret.includes(name)))
  if (step.block.language === 'ts') {
    const known: Readonly<Record<string, Json>> = { params: shown, target: environment.target, steps: values }
    return lines.map(line => redaction.text(fillTypeScript(line, known)))
  }
  const { variables } = describeSight({ ...run, request: { ...request, params: shown } }, step)
  const own = Object.entries(variables).filter(([name]) => !Object.hasOwn(request.inherited, name))
  const known = new Map(own.filter(([name]) => step.block.code.includes(name)))
  return lines.map(line => redaction.text(fillBash(line, known)))
}

/** `$NAME` and `${NAME}`, but not in single quotes, where bash does not see them either. */
function fillBash(line: string, known: ReadonlyMap<string, string>): string {
  return line.replace(/'[^']*'|\\\$|\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const value = known.get(braced ?? bare ?? '')
    return value === undefined ? whole : sayOne(value)
  })
}

/** `params.a`, `target.a` and `steps.a.b`; in a template without the braces around them. */
function fillTypeScript(line: string, known: Readonly<Record<string, Json>>): string {
  return line.replace(
    /(\$\{)?\b(params|target|steps)((?:\.\w+)+)(?:(\})|(?!\w|\())/g,
    (whole, open: string | undefined, root: string, path: string, close: string | undefined) => {
      const value = path
        .slice(1)
        .split('.')
        .reduce<Json | undefined>((inner, key) => readKey(inner, key), known[root])
      if (value === undefined || (open === undefined) !== (close === undefined)) return whole
      return open === undefined ? shorten(JSON.stringify(value), LONGEST) : sayOne(value)
    },
  )
}

function readKey(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.entries(value).find(([name]) => name === key)?.[1]
}
