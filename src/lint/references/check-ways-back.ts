import type { Problem } from '../../base/index.ts'
import type { Page } from '../page.ts'

/** Demands that what Mitigate changes can be taken back, or says why not, and that temporary measures are. */
export function checkWaysBack(page: Page): Problem[] {
  const steps = page.procedure.phases.flatMap(phase => phase.steps)
  const undone = new Set(steps.flatMap(({ undoes }) => undoes ?? []))
  return steps.flatMap(step => {
    if (undone.has(step.id)) return []
    if (step.temporary) {
      const hint = `Add a step with undoes=${step.id} to Roll back`
      return [
        page.problem('temporary-undone', step, `No step takes the temporary measure “${step.title}” back`, { hint }),
      ]
    }
    if (step.phase !== 'mitigate' || step.risk === 'read' || step.undoes !== undefined) return []
    if (step.irreversible?.trim()) return []
    const message =
      step.irreversible === undefined
        ? `The ${step.risk} step “${step.title}” has no way back`
        : `The step “${step.title}” does not say why it is irreversible`
    const hint = `Add a step with undoes=${step.id} to Roll back, or irreversible="why" to this one`
    return [page.problem('way-back', step, message, { hint })]
  })
}
