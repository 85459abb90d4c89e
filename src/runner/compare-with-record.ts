import { createHash } from 'node:crypto'
import { formatDuration } from '../base/index.ts'
import type { Environment } from '../environments/index.ts'
import type { RunHistory, StepMeta, StepResult, StepStatus } from '../journal/index.ts'
import type { Procedure, Step } from '../procedure/index.ts'

/** What a run records of a fence's meta, to be compared when it is resumed. */
export function describeMeta({ timeout, retries, every, temporary, undoes, when, ...step }: Step): StepMeta {
  const { irreversible, leaves, touches, max } = step
  return {
    timeout,
    retries,
    every,
    ...(temporary ? { temporary } : {}),
    ...(undoes === undefined ? {} : { undoes }),
    ...(when === undefined ? {} : { when }),
    ...(irreversible === undefined ? {} : { irreversible }),
    ...(leaves === undefined ? {} : { leaves }),
    ...(touches === undefined ? {} : { touches: [touches.step, touches.key].filter(Boolean).join('.') }),
    ...(max === undefined ? {} : { max }),
  }
}

/** What a page says of each of its parameters, in words that are compared when a run is resumed. */
export function describeParams({ params }: Procedure): Record<string, string> {
  return Object.fromEntries(
    params.map(({ name, type, secret, values, pattern, min, max }) => [
      name,
      [
        secret ? `secret ${type}` : type,
        ...(values ? [`of ${values.join(', ')}`] : []),
        ...(pattern === undefined ? [] : [`like ${pattern}`]),
        ...(min === undefined ? [] : [`from ${min}`]),
        ...(max === undefined ? [] : [`up to ${max}`]),
      ].join(' '),
    ]),
  )
}

/** What else than its target an environment gives to blocks. Hashes, since nobody promised that it may be shown. */
export function describeSurroundings({ variables, services }: Environment): Record<string, string> {
  const named = [
    ...Object.entries(variables).map(([name, value]) => [`variables.${name}`, value] as const),
    ...Object.entries(services).flatMap(([name, actions]) =>
      Object.entries(actions).map(([action, command]) => [`services.${name}.${action}`, command] as const),
    ),
  ]
  return Object.fromEntries(
    named.map(([name, value]) => [name, createHash('sha256').update(value).digest('hex').slice(0, 16)]),
  )
}

/** The results that a resumed run takes from its record. A run that failed takes its failed steps anew, but for diagnoses: they ended nothing. */
export function listKept({ results, started, ending }: RunHistory): Map<string, StepResult> {
  if (ending?.outcome !== 'failed') return new Map(results)
  const phases = new Map(started.steps.map(({ id, phase }) => [id, phase]))
  const stays = (id: string) => started.only === undefined && phases.get(id) === 'diagnose'
  return new Map([...results].filter(([id, { status }]) => !FAILURES.includes(status) || stays(id)))
}

const FAILURES: readonly StepStatus[] = ['failed', 'timed-out', 'blocked', 'ruled-out']

/** How a page differs from what it was when a run of it began. */
export interface PageChanges {
  /** What a run that is resumed would not be the same run with: somebody has to decide. */
  readonly decide: readonly string[]
  /** Blocks that the run has not come to: the new ones run. */
  readonly later: readonly string[]
}

/** Compares a page with what a run recorded of it; prose is free to change. */
export function findPageChanges(procedure: Procedure, history: RunHistory): PageChanges {
  const { started, blocks, open } = history
  if (procedure.hash === started.contentHash) return { decide: [], later: [] }
  const steps = procedure.phases.flatMap(phase => phase.steps)
  const before = new Map(started.steps.map(step => [step.id, step]))
  const done = new Set([...listKept(history).keys(), ...open])
  const changed = steps.filter(({ id, block }) => {
    const hash = blocks.get(id)
    return hash !== undefined && hash !== block.hash
  })
  const params = procedure.params.map(({ name }) => name)
  return {
    decide: [
      ...(started.kind === undefined || started.kind === procedure.kind
        ? []
        : [`the page was a ${started.kind}, and is a ${procedure.kind}`]),
      ...started.steps.flatMap(({ id }) => (steps.some(step => step.id === id) ? [] : `step #${id} is gone`)),
      ...steps.flatMap(({ id }) => (before.has(id) ? [] : `step #${id} is new`)),
      ...changed.flatMap(({ id }) => (done.has(id) ? `the block of #${id} is another` : [])),
      ...steps.flatMap(step => compareStep(before.get(step.id), step, started.kind !== undefined)),
      ...compareOrder(
        started.steps.map(({ id }) => id),
        steps.map(({ id }) => id),
      ),
      ...params.flatMap(name => (Object.hasOwn(started.params, name) ? [] : `the parameter ${name} is new`)),
      ...compareParams(started.declared, describeParams(procedure)),
      ...Object.keys(started.params).flatMap(name => (params.includes(name) ? [] : `the parameter ${name} is gone`)),
    ],
    later: changed.flatMap(({ id }) => (done.has(id) ? [] : `the block of #${id} has changed: the new one runs`)),
  }
}

/** Parameters that the page declares in another way; those that it had not, or has no more, are named elsewhere. */
function compareParams(before: Readonly<Record<string, string>> = {}, now: Readonly<Record<string, string>>): string[] {
  return Object.entries(before).flatMap(([name, was]) =>
    now[name] === undefined || now[name] === was ? [] : `the parameter ${name} was ${was}, and is ${now[name]}`,
  )
}

/** What records of before did not keep is not compared. */
const LATER: readonly string[] = ['irreversible', 'leaves']

function compareStep(
  before: RunHistory['started']['steps'][number] | undefined,
  step: Step,
  isWhole: boolean,
): string[] {
  if (!before) return []
  const { meta } = before
  const was: Record<string, unknown> = { phase: before.phase, risk: before.risk, ...meta }
  const is: Record<string, unknown> = { phase: step.phase, risk: step.risk, ...(meta ? describeMeta(step) : {}) }
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  return names.flatMap(name =>
    (!isWhole && LATER.includes(name)) || was[name] === is[name]
      ? []
      : `${name} of #${step.id} was ${tell(name, was[name])}, and is ${tell(name, is[name])}`,
  )
}

function tell(name: string, value: unknown): string {
  if (typeof value === 'number' && (name === 'timeout' || name === 'every')) return formatDuration(value)
  return value === undefined ? 'not there' : String(value)
}

function compareOrder(before: readonly string[], now: readonly string[]): string[] {
  const old = before.filter(id => now.includes(id))
  const same = now.filter(id => before.includes(id)).every((id, index) => id === old[index])
  return same ? [] : ['the steps stand in another order']
}

/** How an environment differs from what it was when a run in it began: its target, variables and services. */
export function findTargetChanges({ started }: RunHistory, environment: Environment): string[] {
  const target: Readonly<Record<string, unknown>> = environment.target
  const names = [...new Set([...Object.keys(started.target), ...Object.keys(target)])]
  const { surroundings } = started
  const now = describeSurroundings(environment)
  const others = surroundings ? [...new Set([...Object.keys(surroundings), ...Object.keys(now)])] : []
  return [
    ...names.flatMap(name => {
      const [was, is] = [started.target[name], target[name]]
      return was === is ? [] : `target.${name} was ${was ?? 'not there'}, and is ${is ?? 'not there'}`
    }),
    ...others.flatMap(name => {
      if (surroundings?.[name] === now[name]) return []
      if (surroundings?.[name] === undefined) return `${name} is new`
      return now[name] === undefined ? `${name} is gone` : `${name} is another`
    }),
  ]
}
