import type {
  Actor,
  Cure,
  Evidence,
  Json,
  NotedProcess,
  Outcome,
  RunEvent,
  Standing,
  StepError,
  StepResult,
  StepStatus,
  Suggestion,
} from './event.ts'
import type { AlertNow, AskedAlerts, Basis, StartAlert } from './verdict.ts'

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
  /** How it ended when it was taken last; missing while it runs, and when it was cancelled. */
  readonly result?: StepResult
  /** What it gave since it was taken last, for the steps after it. */
  readonly gave?: Json
  /** SHA-256 of the block that ran, or that stood on the page when the run began. */
  readonly blockHash?: string
  /** What it points to, as it was taken last; `seq` is the event that says so. */
  readonly suggests?: readonly (Suggestion & { readonly seq: number })[]
  /** The event that first told of an end after something of it was run. */
  readonly begun?: number
  /** Set when it started and was not seen to end, or was cancelled on its way: since which event, and what watches over it. */
  readonly open?: { readonly since: number; readonly process?: NotedProcess }
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
  /** The alert that it was started for, if one was named. */
  readonly alert?: StartAlert
  /** What was asked about the page's alerts at the end, when that was recorded. */
  readonly alerts?: AskedAlerts
  /** What is known then of the alert that it was started for. */
  readonly alertNow?: AlertNow
  /** The steps that the outcome stands on, when they were recorded. */
  readonly basis?: Basis
  /** How often it was resumed. */
  readonly resumed: number
  /** The run whose measures this one takes back. */
  readonly rollsBack?: string
  /** Dangerous steps of a protected environment that somebody else allowed. */
  readonly approvals: readonly { readonly step: string; readonly by: string }[]
  /** Dangerous steps of a protected environment that began with nobody's approval. To be shown loudly. */
  readonly unapproved: readonly { readonly step: string; readonly reason: string; readonly by: Actor }[]
  /** Seconds from its start to its end; never fewer than its runner measured. */
  readonly took?: number
  /** Whether the clock was set back meanwhile, so that its times do not say how long it took. */
  readonly clockSetBack?: true
  readonly contentHash: string
  readonly steps: readonly StepState[]
  readonly suggestions: readonly Suggestion[]
  readonly warnings: readonly string[]
  readonly standing: readonly Standing[]
  readonly cures: readonly Cure[]
  readonly rollBack: readonly string[]
  /** How it was started, to the letter. */
  readonly start?: Extract<RunEvent, { type: 'run.started' }>
  /** How it ended, to the letter; missing again once it was resumed. */
  readonly ending?: Extract<RunEvent, { type: 'run.finished' }>
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
      const steps = event.steps.map(({ id, title, phase, blockHash }) => ({
        ...UNTOUCHED,
        id,
        title,
        phase,
        ...(blockHash === undefined ? {} : { blockHash }),
      }))
      const linked = {
        ...(rollsBack === undefined ? {} : { rollsBack }),
        ...(event.alert === undefined ? {} : { alert: event.alert }),
      }
      return { ...state, id, procedure, title, environment, started, contentHash, by, steps, ...linked, start: event }
    }
    case 'run.resumed': {
      const {
        finished: _,
        took: _0,
        clockSetBack: _1,
        outcome: __,
        reason: ___,
        refused: ____,
        ending: _____,
        ...rest
      } = state
      const { alerts: ______, alertNow: _______, basis: ________, ...open } = rest
      return { ...open, by: event.by, resumed: state.resumed + 1, standing: [], cures: [], rollBack: [] }
    }
    case 'run.warned':
      return { ...state, warnings: [...state.warnings, event.message] }
    case 'step.started':
      return update(state, event.step, ({ result: _, gave: __, suggests, ...step }) => ({
        ...step,
        status: 'running',
        attempts: event.attempt,
        blockHash: event.blockHash,
        // A retry adds to what the try before it said; a step that is taken anew says everything anew.
        suggests: event.attempt === 1 || !suggests ? [] : suggests,
        open: { since: event.seq },
      }))
    case 'step.supervised':
      return update(state, event.step, step => ({
        ...step,
        open: { since: step.open?.since ?? event.seq, process: event.process },
      }))
    case 'step.suggested': {
      const suggestion = { step: event.suggests, why: event.why }
      return update(
        { ...state, suggestions: [...state.suggestions, suggestion] },
        event.step,
        ({ suggests, ...step }) => ({ ...step, suggests: [...(suggests ?? []), { ...suggestion, seq: event.seq }] }),
      )
    }
    case 'step.approved':
      return { ...state, approvals: [...state.approvals, { step: event.step, by: event.by }] }
    case 'step.unapproved': {
      const { step, reason, by } = event
      return { ...state, unapproved: [...state.unapproved, { step, reason, by }] }
    }
    case 'step.evidence':
      return update(state, event.step, step => ({ ...step, evidence: [...step.evidence, event.evidence] }))
    case 'step.finished':
      return update(state, event.step, step => finishStep(step, event))
    case 'run.finished': {
      const {
        outcome,
        reason,
        refused,
        alerts,
        alertNow,
        basis,
        standing,
        cures = [],
        rollBack,
        time: finished,
      } = event
      return {
        ...state,
        ...measure(state, event),
        outcome,
        finished,
        standing,
        cures,
        rollBack,
        ending: event,
        ...(reason === undefined ? {} : { reason }),
        ...(refused === undefined ? {} : { refused }),
        ...(alerts === undefined ? {} : { alerts }),
        ...(alertNow === undefined ? {} : { alertNow }),
        ...(basis === undefined ? {} : { basis }),
      }
    }
    case 'phase.started':
    case 'step.output':
    case 'step.output-kept':
    case 'step.retrying':
    case 'run.waiting':
      return state
    default:
      return event satisfies never
  }
}

/** Milliseconds by which the clock and the runner's own measure may differ. */
const SLACK = 1000

/**
 * How long a run took. The runner measured it by a clock that nobody sets; of one that was resumed it knows only the last part, and
 * there the times of its first and last event say more, unless the clock was set back between them.
 */
function measure(
  { started, resumed }: RunState,
  { time, seconds }: Extract<RunEvent, { type: 'run.finished' }>,
): Pick<RunState, 'took' | 'clockSetBack'> {
  const between = Date.parse(time) - Date.parse(started)
  const clockSetBack = between < seconds * 1000 - SLACK ? { clockSetBack: true as const } : {}
  return { took: resumed === 0 ? seconds : Math.max(seconds, between / 1000 || 0), ...clockSetBack }
}

const UNTOUCHED = { status: 'waiting' as const, attempts: 0, seconds: 0, evidence: [] }

function finishStep(
  { result, open, ...step }: StepState,
  { status, seconds, value, reason, error, begun, seq }: Extract<RunEvent, { type: 'step.finished' }>,
): StepState {
  const hasBegun = begun ?? status !== 'skipped'
  const told = {
    ...(value === undefined ? {} : { value }),
    ...(reason === undefined ? {} : { reason }),
    ...(error === undefined ? {} : { error }),
  }
  // What was cancelled on its way may have happened partially: it has no result, and stays open.
  const cancelled = { ...(result ? { result } : {}), ...(hasBegun && open ? { open } : {}) }
  const ended = { result: { status, begun: hasBegun, ...told }, ...(value === undefined ? {} : { gave: value }) }
  return {
    ...step,
    status,
    seconds,
    ...told,
    ...(hasBegun ? { begun: step.begun ?? seq } : {}),
    ...(status === 'cancelled' ? cancelled : ended),
  }
}

function update(state: RunState, id: string, change: (step: StepState) => StepState): RunState {
  return { ...state, steps: state.steps.map(step => (step.id === id ? change(step) : step)) }
}
