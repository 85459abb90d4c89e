import type { Actor, Json, NotedProcess, RunEvent } from '../journal/index.ts'
import type { StepResult } from './run.ts'

/** What a run's ledger knows of it, as far as going on with it needs. */
export interface RunHistory {
  readonly started: Extract<RunEvent, { type: 'run.started' }>
  /** Who ran it last. */
  readonly by: Actor
  /** How each step ended last, but for the one that may have happened by half. */
  readonly results: ReadonlyMap<string, StepResult>
  readonly values: Readonly<Record<string, Json>>
  readonly suggestions: readonly { readonly step: string; readonly by: string; readonly why: string }[]
  /** Steps of which something was run, in the order of their first start. */
  readonly begun: readonly string[]
  /** Steps that started and were not seen to end, or were cancelled on their way. */
  readonly open: readonly string[]
  /** The one of them that started last. */
  readonly half?: { readonly step: string; readonly process?: NotedProcess }
  /** The blocks that were run, by their step. */
  readonly blocks: ReadonlyMap<string, string>
  /** How it ended, if it did; why it was not allowed to go on, if so. */
  readonly ending?: Extract<RunEvent, { type: 'run.finished' }>
}

/** Reads a run's events. Nothing when they do not begin with its start. */
export function readHistory(events: readonly RunEvent[]): RunHistory | undefined {
  const [started] = events
  if (started?.type !== 'run.started') return undefined
  const results = new Map<string, StepResult>()
  const blocks = new Map<string, string>(
    started.steps.flatMap(({ id, blockHash }) => (blockHash ? [[id, blockHash]] : [])),
  )
  const values: Record<string, Json> = {}
  const begun = new Set<string>()
  let suggestions: RunHistory['suggestions'] = []
  let by = started.by
  const open = new Map<string, NonNullable<RunHistory['half']>>()
  let ending: RunHistory['ending']
  for (const event of events) {
    switch (event.type) {
      case 'run.resumed':
        by = event.by
        ending = undefined
        break
      case 'step.started':
        open.delete(event.step)
        open.set(event.step, { step: event.step })
        results.delete(event.step)
        delete values[event.step]
        blocks.set(event.step, event.blockHash)
        if (event.attempt === 1) suggestions = suggestions.filter(({ by }) => by !== event.step)
        break
      case 'step.supervised':
        open.set(event.step, { step: event.step, process: event.process })
        break
      case 'step.suggested':
        suggestions = [...suggestions, { step: event.suggests, by: event.step, why: event.why }]
        break
      case 'step.finished': {
        const { step, status, value, reason, error } = event
        const hasBegun = event.begun ?? status !== 'skipped'
        if (hasBegun) begun.add(step)
        if (status === 'cancelled') {
          if (!hasBegun) open.delete(step)
          break
        }
        open.delete(step)
        if (value !== undefined) values[step] = value
        results.set(step, {
          status,
          begun: hasBegun,
          ...(value === undefined ? {} : { value }),
          ...(reason === undefined ? {} : { reason }),
          ...(error === undefined ? {} : { error }),
        })
        break
      }
      case 'run.finished':
        ending = event
        break
      default:
    }
  }
  for (const step of open.keys()) begun.add(step)
  const half = [...open.values()].at(-1)
  return {
    started,
    by,
    results,
    values,
    suggestions,
    begun: [...begun],
    blocks,
    open: [...open.keys()],
    ...(half ? { half } : {}),
    ...(ending ? { ending } : {}),
  }
}
