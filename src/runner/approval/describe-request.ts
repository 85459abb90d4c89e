import { formatDuration, parseDuration, toVariable } from '../../base/index.ts'
import type { SecretSource } from '../../environments/index.ts'
import type { Json } from '../../journal/index.ts'
import type { Step } from '../../procedure/index.ts'
import { describeSight, type Sight } from '../make-request.ts'
import { type Plan, VALID_FOR } from '../plan.ts'
import type { Run } from '../run.ts'
import { hashWhatRuns } from './hash-what-runs.ts'

/** How many things of a plan a request names; its hash stands for all. */
const SHOWN = 50

const TITLE = 'handbook approval 2'

/** Variables of the session in which a run was started. Nothing that a block does should depend on them; programs find their settings by `XDG_…_HOME` and `XDG_…_DIRS`. */
const SESSION = /^(?:TERM|TMPDIR|SSH_AUTH_SOCK|SHLVL|XDG_(?!\w+_(?:HOME|DIRS)$)\w+)$/

/**
 * What an approver signs, to the letter: everything that will run, who runs it, where, and with which values. Secrets are not in it,
 * but where they come from is. The line that says until when it is valid is added by `writeRequest`.
 */
export function describeRequest(run: Run, step: Step, plan: Plan | undefined): string[] {
  const { request, ports, values, redaction } = run
  const { procedure, environment, params, by, cwd } = request
  const sight = describeSight(run, step)
  const secret = new Set(procedure.params.flatMap(param => (param.secret ? [param.name] : [])))
  const shown = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, secret.has(name) ? '[redacted]' : value]),
  )
  const { irreversible, leaves, retries, timeout } = step
  const lines = [
    line('run', ports.writer.run),
    line('by', `${by.user}@${by.host}`),
    ...(run.person === undefined ? [] : [line('claimed', run.person)]),
    line('folder', cwd),
    line('environment', environment.name),
    ...(environment.deployment === undefined ? [] : [line('deployment', environment.deployment)]),
    line('page', procedure.path),
    line('text', procedure.hash),
    line('step', step.id),
    ...(irreversible === undefined ? [] : [line('undone', `never: ${writeSorted(irreversible)}`)]),
    line('block', step.block.hash),
    line('limits', `timeout ${formatDuration(timeout)}, retries ${retries}${leaves === undefined ? '' : ', leaves'}`),
    line('params', writeSorted(redaction.value(shown))),
    line('target', writeSorted(redaction.value({ ...environment.target }))),
    // What the plan's list says now may be fewer: the plan itself is signed.
    line(
      'values',
      writeSorted(redaction.value(Object.fromEntries(Object.entries(values).filter(([id]) => id !== plan?.by)))),
    ),
    line(
      'plan',
      plan
        ? `${plan.items.length} of #${plan.by}, no more, SHA-256 ${plan.hash}`
        : 'none: the page does not list what it touches',
    ),
    ...(plan?.items ?? []).slice(0, SHOWN).map((item, at) => line('touches', `${at + 1}: ${writeSorted(item)}`)),
    ...listNamed(
      'variable',
      Object.entries(sight.own).filter(([name]) => !SESSION.test(name) || Object.hasOwn(environment.variables, name)),
      value => writeSorted(redaction.text(value)),
    ),
    ...listNamed(
      'service',
      Object.entries(sight.services).flatMap(([name, actions]) =>
        Object.entries(actions).map(([action, command]): [string, string] => [`${name} ${action}`, command]),
      ),
      command => writeSorted(redaction.text(command)),
    ),
    ...listNamed('secret', Object.entries(environment.secrets), describeSource),
    ...(environment.prometheusUrl === undefined ? [] : [line('prometheus', redaction.text(environment.prometheusUrl))]),
    ...listNamed('file', Object.entries(hashWhatRuns(step, withoutPlan(sight, plan), cwd)), hash => hash),
  ]
  return lines
}

/** A list of files that are to go is not one of scripts that run. */
function withoutPlan(sight: Sight, plan: Plan | undefined): Sight {
  if (!plan) return sight
  const prefix = `STEP_${toVariable(plan.by)}_`
  const variables = Object.entries(sight.variables).filter(([name]) => !name.startsWith(prefix))
  return { ...sight, variables: Object.fromEntries(variables) }
}

function line(label: string, value: string): string {
  return `${label.padEnd(12)}${value}`
}

/** A line for each of several things of a kind, in the order of their names. */
function listNamed<T>(kind: string, entries: readonly (readonly [string, T])[], write: (value: T) => string): string[] {
  return entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => line(kind, `${name.replaceAll(/\s+/g, ' ')}: ${write(value)}`))
}

function describeSource({ env, file, command, issue }: SecretSource): string {
  if (issue !== undefined) return `issued for this step by the command ${writeSorted(issue)}`
  if (env !== undefined) return `the variable ${env}`
  return file === undefined ? `the command ${writeSorted(command ?? '')}` : `the file ${writeSorted(file)}`
}

/** JSON on one line, keys in their order. */
function writeSorted(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** The text to sign, valid from now on for as long as the environment says. */
export function writeRequest(lines: readonly string[], validFor: string | undefined, now: Date): string {
  const until = new Date(now.getTime() + (parseDuration(validFor ?? VALID_FOR) ?? 0))
  return [TITLE, line('until', until.toISOString()), ...lines, ''].join('\n')
}

/** Until when an approval of this text is valid; nothing when the text does not say it. */
export function readUntil(text: string): Date | undefined {
  const [, until = ''] = /^until {7}(\S+)$/m.exec(text) ?? []
  return Number.isNaN(Date.parse(until)) ? undefined : new Date(until)
}

/** Who runs what a text asks for: the account, and the person that somebody on it claimed to be. */
export function readWhoRuns(text: string): string[] {
  return ['by', 'claimed'].flatMap(label => new RegExp(`^${label.padEnd(12)}([^\\s@]+)`, 'm').exec(text)?.[1] ?? [])
}

/** Whether a text was written by a handbook whose approvals do not cover everything that runs. */
export function isOldRequest(text: string): boolean {
  return !text.startsWith(`${TITLE}\n`)
}

/** How what would run now differs from what a text says, a sentence each. Nothing when it is the same. */
export function compareRequest(text: string, lines: readonly string[]): string[] {
  const was = readNames(text.split('\n').slice(1))
  const is = readNames(lines)
  return [...new Set([...was.keys(), ...is.keys()])].flatMap(name => {
    const [before, now] = [was.get(name), is.get(name)]
    // What is listed is told by the plan's hash.
    if (before === now || name === 'until' || name.startsWith('touches ')) return []
    if (before === undefined) return `${name} is new: ${now}`
    return now === undefined ? `${name} is gone: it was ${before}` : `${name} was ${before}, and is ${now}`
  })
}

/** What a request says, by name: lines of JSON by each of their keys, lines of a kind by the name behind it. */
function readNames(lines: readonly string[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const text of lines) {
    const label = text.slice(0, 12).trimEnd()
    const value = text.slice(12)
    if (label === '') continue
    const [, name, rest] = KINDS.includes(label) ? (/^(.+?): (.*)$/.exec(value) ?? []) : []
    if (name !== undefined && rest !== undefined) names.set(`${label} ${name}`, rest)
    else if (value.startsWith('{')) {
      const entries: Record<string, Json> = JSON.parse(value)
      for (const [key, inner] of Object.entries(entries)) names.set(`${label}.${key}`, writeSorted(inner))
    } else names.set(label, value)
  }
  return names
}

const KINDS: readonly string[] = ['variable', 'service', 'secret', 'file', 'touches']
