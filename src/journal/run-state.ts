import type { Actor, Evidence, Json, Outcome, RunEvent, Standing, StepError, StepStatus, Suggestion } from './event.ts'

/** What is known of one step of a run. */
export interface StepState {
  readonly id: string
  readonly title: string
  readonly phase: string
  readonly status: StepStatus | 'waiting' | 'running'
  readonly attempts: number
  readonly seconds: number
  readonly value?: Json
  readonly reason?: string
  readonly error?: StepError
  readonly evidence: readonly Evidence[]
}

/** A run as its events tell it so far. */
export interface RunState {
  readonly id: string
  readonly procedure: string
  readonly title: string
  readonly environment: string
  readonly started: string
  readonly finished?: string
  readonly outcome?: Outcome
  readonly reason?: string
  readonly by?: Actor
  readonly contentHash: string
  readonly steps: readonly StepState[]
  readonly suggestions: readonly Suggestion[]
  readonly warnings: readonly string[]
  readonly standing: readonly Standing[]
  readonly rollBack: readonly string[]
}

/** The state that a run's events add up to; unfinished runs fold as well. */
export function foldRun(events: Iterable<RunEvent>): RunState {
  let state = EMPTY
  for (const event of events) state = applyEvent(state, event)
  return state
}

const EMPTY: RunState = {
  id: '',
  procedure: '',
  title: '',
  environment: '',
  started: '',
  contentHash: '',
  steps: [],
  suggestions: [],
  warnings: [],
  standing: [],
  rollBack: [],
}

/** The state after one more event. */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'run.started': {
      const { procedure, title, environment, contentHash, by, run: id, time: started } = event
      const steps = event.steps.map(({ id, title, phase }) => ({ ...UNTOUCHED, id, title, phase }))
      return { ...state, id, procedure, title, environment, started, contentHash, by, steps }
    }
    case 'run.warned':
      return { ...state, warnings: [...state.warnings, event.message] }
    case 'step.started':
      return update(state, event.step, { status: 'running', attempts: event.attempt })
    case 'step.suggested':
      return { ...state, suggestions: [...state.suggestions, { step: event.suggests, why: event.why }] }
    case 'step.evidence':
      return update(state, event.step, step => ({ evidence: [...step.evidence, event.evidence] }))
    case 'step.finished': {
      const { status, seconds, value, reason, error } = event
      return update(state, event.step, {
        status,
        seconds,
        ...(value === undefined ? {} : { value }),
        ...(reason === undefined ? {} : { reason }),
        ...(error === undefined ? {} : { error }),
      })
    }
    case 'run.finished': {
      const { outcome, reason, standing, rollBack, time: finished } = event
      return { ...state, outcome, finished, standing, rollBack, ...(reason === undefined ? {} : { reason }) }
    }
    case 'phase.started':
    case 'step.output':
    case 'step.retrying':
    case 'run.waiting':
      return state
    default:
      return event satisfies never
  }
}

const UNTOUCHED = { status: 'waiting' as const, attempts: 0, seconds: 0, evidence: [] }

function update(
  state: RunState,
  id: string,
  change: Partial<StepState> | ((step: StepState) => Partial<StepState>),
): RunState {
  const steps = state.steps.map(step =>
    step.id === id ? { ...step, ...(typeof change === 'function' ? change(step) : change) } : step,
  )
  return { ...state, steps }
}
