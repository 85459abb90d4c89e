import { listNotUndone } from '../references/undone-steps.ts'
import { type Rule, violation } from '../rule.ts'

/** What Mitigate changes can be taken back. */
export const wayBack: Rule = {
  id: 'way-back',
  severity: 'error',
  summary: 'A change can be rolled back, or says why not',
  hint: 'Add a step with undoes=ID, or irreversible="why" to this one',
  checkPage: ({ procedure }) =>
    listNotUndone(procedure).flatMap(step => {
      if (step.temporary || step.phase !== 'mitigate' || step.risk === 'read' || step.undoes !== undefined) return []
      if (step.irreversible?.trim()) return []
      const message =
        step.irreversible === undefined
          ? `The ${step.risk} step “${step.title}” has no way back`
          : `The step “${step.title}” does not say why it is irreversible`
      const hint = `Add a step with undoes=${step.id} to Roll back, or irreversible="why" to this one`
      return [violation(step, message, { hint })]
    }),
}
