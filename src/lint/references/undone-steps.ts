import type { Procedure, Step } from '../../procedure/index.ts'

/** The steps that no step of the page undoes. */
export function listNotUndone({ phases }: Procedure): readonly Step[] {
  const steps = phases.flatMap(phase => phase.steps)
  const undone = new Set(steps.flatMap(({ undoes }) => undoes ?? []))
  return steps.filter(({ id }) => !undone.has(id))
}
