import type { Actor, OpenQuestion, Outcome, RunEvent, RunState, StepState } from '../../../journal/index.ts'
import { applyEvent, foldRun } from '../../../journal/pure.ts'
import { nameStatus } from '../../../report/pure.ts'
import type { RunMessage } from '../../../wire/index.ts'
import { addOutput, NO_OUTPUT, type Output } from './output-lines.ts'

/** A run as a page shows it: what its messages add up to. */
export interface RunView {
  readonly state: RunState
  /** The number of the last event. */
  readonly seq: number
  /** The heading of the phase that it is in. */
  readonly phase?: { readonly name: string; readonly temporary: boolean }
  /** The risk of each step, by its id. */
  readonly risks: ReadonlyMap<string, string>
  /** How long each may take, in milliseconds, where that is known. */
  readonly limits: ReadonlyMap<string, number>
  /** What each step printed, as far as it is kept here. */
  readonly outputs: ReadonlyMap<string, Output>
  /** When the step that runs now was started. */
  readonly stepStarted?: string
  /** What a dangerous step is going to touch. */
  readonly plans: ReadonlyMap<string, readonly string[]>
  readonly notes: readonly Note[]
  /** Every event but output: for what is found, and how it ended. */
  readonly told: readonly RunEvent[]
  readonly questions: readonly OpenQuestion[]
  /** Why nothing more comes although the run has no end: its runner is gone, or its record is not what was written. */
  readonly broken?: string
}

/** A note that somebody added to a run. */
export interface Note {
  readonly seq: number
  readonly time: string
  readonly text: string
  readonly by: Actor
}

/** A run of which nothing is known yet. */
export const NOTHING: RunView = {
  state: foldRun([]),
  seq: 0,
  risks: new Map(),
  limits: new Map(),
  outputs: new Map(),
  plans: new Map(),
  notes: [],
  told: [],
  questions: [],
}

/** The view after one more message. A message that was heard before changes nothing. */
export function foldMessage(view: RunView, message: RunMessage): RunView {
  if ('questions' in message) return { ...view, questions: message.questions }
  if ('ended' in message)
    return { ...view, questions: [], ...(message.why === undefined ? {} : { broken: message.why }) }
  return message.event.seq <= view.seq ? view : foldEvent({ ...view, seq: message.event.seq }, message.event)
}

function foldEvent(view: RunView, event: RunEvent): RunView {
  if (event.type === 'step.output') {
    const before = view.outputs.get(event.step) ?? NO_OUTPUT
    return { ...view, outputs: new Map(view.outputs).set(event.step, addOutput(before, event)) }
  }
  const next = { ...view, state: apply(view.state, event), told: [...view.told, event] }
  switch (event.type) {
    case 'run.started':
      return {
        ...next,
        risks: new Map(event.steps.map(({ id, risk }) => [id, risk])),
        limits: new Map(event.steps.flatMap(({ id, meta }) => (meta ? [[id, meta.timeout] as const] : []))),
      }
    case 'run.noted': {
      const { seq, time, text, by } = event
      return { ...next, notes: [...view.notes, { seq, time, text, by }] }
    }
    case 'phase.started':
      return { ...next, phase: { name: event.phase, temporary: event.temporary === true } }
    case 'step.started': {
      if (event.attempt > 1) return { ...next, stepStarted: event.time }
      const outputs = new Map(view.outputs)
      outputs.delete(event.step)
      return { ...next, outputs, stepStarted: event.time }
    }
    case 'step.planned':
      return { ...next, plans: new Map(view.plans).set(event.step, event.items) }
    default:
      return next
  }
}

/** What a newer version records, this one does not know: it changes nothing of what it does. */
function apply(state: RunState, event: RunEvent): RunState {
  const next = applyEvent(state, event)
  return Array.isArray(next?.steps) && 'standing' in next && 'suggestions' in next ? next : state
}

/** Where the end of a run stands, among its steps. */
export const ENDED = ''

/** The step at which the run is: which runs, is asked about, or ended last. */
export function findStepNow({ state, questions, told }: RunView): string | undefined {
  const [question] = questions
  if (question) return question.step
  const running = state.steps.find(({ status }) => status === 'running')
  return running?.id ?? told.findLast(event => event.type === 'step.finished')?.step
}

/** How a step stands, in a word; none as long as it waits. */
export function sayStep({ status, suggests = [] }: StepState): string {
  if (status === 'waiting') return ''
  return status === 'running' ? 'runs' : nameStatus(status, suggests.length > 0)
}

/** Whether nothing is left to do after a run of this outcome. */
export function endsWell(outcome: Outcome | undefined): boolean {
  return outcome === 'healed' || outcome === 'passed' || outcome === 'ruled-out'
}
