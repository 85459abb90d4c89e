import type { AskedAlerts } from './asked-alerts.ts'
import type {
  Actor,
  Cure,
  Evidence,
  Json,
  Outcome,
  RunEvent,
  Standing,
  StepError,
  StepStatus,
  Suggestion,
} from './event.ts'

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
  /** Who runs it; after it was resumed, who did that last. */
  readonly by?: Actor
  /** Why it was not allowed to go on, if it was not. */
  readonly refused?: string
  /** What was asked about the page's alerts, when every cause was ruled out and that was recorded. */
  readonly alerts?: AskedAlerts
  /** How often it was resumed. */
  readonly resumed: number
  /** The run whose measures this one takes back. */
  readonly rollsBack?: string
  /** Dangerous steps of a protected environment that somebody else allowed. */
  readonly approvals: readonly { readonly step: string; readonly by: string }[]
  /** Dangerous steps of a protected environment that began with nobody's approval. To be shown loudly. */
  readonly unapproved: readonly { readonly step: string; readonly reason: string; readonly by: Actor }[]
  readonly contentHash: string
  readonly steps: readonly StepState[]
  readonly suggestions: readonly Suggestion[]
  readonly warnings: readonly string[]
  readonly standing: readonly Standing[]
  readonly cures: readonly Cure[]
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
  resumed: 0,
  approvals: [],
  unapproved: [],
  warnings: [],
  standing: [],
  cures: [],
  rollBack: [],
}

/** The state after one more event. */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'run.started': {
      const { procedure, title, environment, contentHash, by, rollsBack, run: id, time: started } = event
      const steps = event.steps.map(({ id, title, phase }) => ({ ...UNTOUCHED, id, title, phase }))
      const linked = rollsBack === undefined ? {} : { rollsBack }
      return { ...state, id, procedure, title, environment, started, contentHash, by, steps, ...linked }
    }
    case 'run.resumed': {
      const { finished: _, outcome: __, reason: ___, refused: ____, alerts: _____, ...open } = state
      return { ...open, by: event.by, resumed: state.resumed + 1, standing: [], cures: [], rollBack: [] }
    }
    case 'run.warned':
      return { ...state, warnings: [...state.warnings, event.message] }
    case 'step.started':
      return update(state, event.step, { status: 'running', attempts: event.attempt })
    case 'step.suggested':
      return { ...state, suggestions: [...state.suggestions, { step: event.suggests, why: event.why }] }
    case 'step.approved':
      return { ...state, approvals: [...state.approvals, { step: event.step, by: event.by }] }
    case 'step.unapproved': {
      const { step, reason, by } = event
      return { ...state, unapproved: [...state.unapproved, { step, reason, by }] }
    }
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
      const { outcome, reason, refused, alerts, standing, cures = [], rollBack, time: finished } = event
      return {
        ...state,
        outcome,
        finished,
        standing,
        cures,
        rollBack,
        ...(reason === undefined ? {} : { reason }),
        ...(refused === undefined ? {} : { refused }),
        ...(alerts === undefined ? {} : { alerts }),
      }
    }
    case 'phase.started':
    case 'step.supervised':
    case 'step.output':
    case 'step.output-kept':
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
