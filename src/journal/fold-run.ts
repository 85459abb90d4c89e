import { judgeThen } from './asked-alerts.ts'
import type { RunEvent } from './event.ts'
import type { RunState, StepState } from './run-state.ts'

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
    case 'run.noted':
      return { ...state, noted: [...(state.noted ?? []), event] }
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
      return {
        ...state,
        approvals: [
          ...state.approvals,
          { step: event.step, by: event.by, ...(event.beforehand ? { beforehand: true } : {}) },
        ],
      }
    case 'step.unapproved': {
      const { step, reason, by } = event
      return { ...state, unapproved: [...state.unapproved, { step, reason, by }] }
    }
    case 'step.evidence':
      return update(state, event.step, step => ({ ...step, evidence: [...step.evidence, event.evidence] }))
    case 'step.finished':
      return update(state, event.step, step => finishStep(step, event))
    case 'run.finished': {
      const { outcome, reason, refused, alerts, basis, standing, cures = [], rollBack, time: finished } = event
      const alertNow = addThen(event.alertNow, state.alert)
      return {
        ...state,
        ...measure(state, event),
        outcome,
        finished,
        standing,
        cures,
        rollBack,
        ending: { ...event, ...(alertNow === undefined ? {} : { alertNow }) },
        ...(reason === undefined ? {} : { reason }),
        ...(refused === undefined ? {} : { refused }),
        ...(alerts === undefined ? {} : { alerts }),
        ...(alertNow === undefined ? {} : { alertNow }),
        ...(basis === undefined ? {} : { basis }),
      }
    }
    case 'phase.started':
    case 'step.planned':
    case 'run.claimed':
    case 'run.answered':
    case 'step.output':
    case 'step.output-kept':
    case 'step.retrying':
    case 'step.silenced':
    case 'step.unsilenced':
    case 'run.waiting':
      return state
    default:
      return event satisfies never
  }
}

/** What older ledgers say only at the start of a run. */
function addThen(now: RunState['alertNow'], started: RunState['alert']): RunState['alertNow'] {
  return now === undefined || now.began !== undefined || started === undefined
    ? now
    : { ...now, began: judgeThen(started) }
}

/** Milliseconds by which the clock and the runner's own measure may differ. */
const SLACK = 1000

/**
 * How long a run took. The runner measured it by a clock that nobody sets. Of a resumed run it knows only the last part. There the times
 * of the first and last event say more, unless the clock was set back between them.
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
