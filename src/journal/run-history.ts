import type { Actor, NotedProcess, RunEvent } from './event.ts'
import { foldRun } from './fold-run.ts'
import type { StepState } from './run-state.ts'
import type { Json, StepResult } from './step-result.ts'

/** What is known of a run, as far as resuming it needs. */
export interface RunHistory {
  readonly started: Extract<RunEvent, { type: 'run.started' }>
  /** Who ran it last. */
  readonly by: Actor
  /** How each step ended last, but for the one that may have happened partially. */
  readonly results: ReadonlyMap<string, StepResult>
  readonly values: Readonly<Record<string, Json>>
  readonly suggestions: readonly { readonly step: string; readonly by: string; readonly why: string }[]
  /** Steps of which something was run, in the order of their first end; open ones come last. */
  readonly begun: readonly string[]
  /** Steps that started and were not seen to end, or were cancelled on their way. */
  readonly open: readonly string[]
  /** The one of them that started last. */
  readonly half?: { readonly step: string; readonly process?: NotedProcess }
  /** The blocks that were run, by their step. */
  readonly blocks: ReadonlyMap<string, string>
  /** What each dangerous step is going to touch, as it was listed last, if the step has not begun since. */
  readonly plans: ReadonlyMap<string, Extract<RunEvent, { type: 'step.planned' }>>
  /** How it ended, if it did; why it was not allowed to go on, if so. */
  readonly ending?: Extract<RunEvent, { type: 'run.finished' }>
}

/** What a run's state says to whoever resumes it or rolls it back. Nothing when its events do not begin with its start. */
export function readHistory(events: readonly RunEvent[]): RunHistory | undefined {
  if (events[0]?.type !== 'run.started') return undefined
  const { start, by, steps, ending } = foldRun(events)
  if (!start || !by) return undefined
  const open = steps
    .flatMap(step => (step.open ? [{ id: step.id, ...step.open }] : []))
    .toSorted((a, b) => a.since - b.since)
  const last = open.at(-1)
  return {
    started: start,
    by,
    results: new Map(steps.flatMap(({ id, result }) => (result ? [[id, result]] : []))),
    values: Object.fromEntries(steps.flatMap(({ id, gave }) => (gave === undefined ? [] : [[id, gave]]))),
    suggestions: steps
      .flatMap(({ id, suggests = [] }) => suggests.map(one => ({ ...one, by: id })))
      .toSorted((a, b) => a.seq - b.seq)
      .map(({ step, by, why }) => ({ step, by, why })),
    begun: [...new Set([...listBegun(steps), ...open.map(({ id }) => id)])],
    blocks: new Map(steps.flatMap(({ id, blockHash }) => (blockHash ? [[id, blockHash]] : []))),
    open: open.map(({ id }) => id),
    plans: findPlans(events),
    ...(last ? { half: { step: last.id, ...(last.process ? { process: last.process } : {}) } } : {}),
    ...(ending ? { ending } : {}),
  }
}

function findPlans(events: readonly RunEvent[]): RunHistory['plans'] {
  const plans = new Map<string, Extract<RunEvent, { type: 'step.planned' }>>()
  for (const event of events) {
    if (event.type === 'step.planned') plans.set(event.step, event)
    if (event.type === 'step.started') plans.delete(event.step)
  }
  return plans
}

function listBegun(steps: readonly StepState[]): string[] {
  return steps
    .flatMap(({ id, begun }) => (begun === undefined ? [] : [{ id, begun }]))
    .toSorted((a, b) => a.begun - b.begun)
    .map(({ id }) => id)
}
