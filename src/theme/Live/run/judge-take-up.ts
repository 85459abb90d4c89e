import type { RunView } from './fold-messages.ts'

/** A step as a person is told of it. */
interface NamedStep {
  readonly id: string
  readonly title: string
}

/** Whether a run can be resumed, as far as its events tell: its runner says the rest. A roll back is done again instead. */
export function canResume({ state, broken, told }: RunView): boolean {
  if (state.rollsBack !== undefined || state.start?.unasked) return false
  if (state.outcome === undefined) return broken !== undefined
  if (state.outcome === 'interrupted' || state.outcome === 'cancelled' || state.refused !== undefined) return true
  const rolledBack = told.some(
    event => event.type === 'phase.started' && event.phase === 'roll-back' && !event.temporary,
  )
  return state.outcome === 'failed' && !rolledBack
}

/** The step that changes something and may be only partially done: whoever resumes the run has to say what becomes of it. */
export function findHalf({ state, risks }: RunView): NamedStep | undefined {
  return state.steps.find(({ id, open }) => open !== undefined && risks.get(id) !== 'read')
}

/** The changes of a run that is over and that its page can revert. */
export function listLeft({ state, broken, risks }: RunView): NamedStep[] {
  if (state.outcome === undefined && broken === undefined) return []
  const steps = state.start?.steps ?? []
  const undoers = steps.flatMap(({ id, meta }) => (meta?.undoes === undefined ? [] : [[meta.undoes, id] as const]))
  const isDone = (id: string) => state.steps.find(step => step.id === id)?.result?.status === 'passed'
  const isChanged = ({ id }: NamedStep) =>
    risks.get(id) !== 'read' && (isDone(id) || state.steps.find(step => step.id === id)?.open !== undefined)
  const standing = state.outcome === undefined ? undefined : state.standing.map(({ step }) => step)
  return steps.filter(
    step =>
      undoers.some(([undone, by]) => undone === step.id && !isDone(by)) &&
      (standing ? standing.includes(step.id) : isChanged(step)),
  )
}
