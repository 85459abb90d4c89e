import type { Procedure, Step } from '../../procedure/index.ts'
import { type Rule, violation } from '../rule.ts'

/** Changes of Mitigate can be rolled back. */
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

/** A temporary mitigation must end. */
export const temporaryUndone: Rule = {
  id: 'temporary-undone',
  severity: 'error',
  summary: 'A temporary mitigation is rolled back',
  hint: 'Add a step with undoes=ID to Roll back',
  checkPage: ({ procedure }) =>
    listNotUndone(procedure).flatMap(step => {
      if (!step.temporary) return []
      const hint = `Add a step with undoes=${step.id} to Roll back`
      return [violation(step, `No step rolls back the temporary mitigation “${step.title}”`, { hint })]
    }),
}

/** A step that undoes a lasting change says when to do so. */
export const undoesSaysWhen: Rule = {
  id: 'undoes-says-when',
  severity: 'error',
  summary: 'What undoes a lasting change says when that is right',
  hint: 'Add when="the condition", or mark the step that is undone as temporary',
  checkPage: ({ procedure }) => {
    const steps = procedure.phases.flatMap(phase => phase.steps)
    return steps.flatMap(({ id, undoes, when, block }) => {
      const undone = steps.find(step => step.id === undoes)
      if (!undone || undone.id === id || undone.temporary || when !== undefined) return []
      return [
        violation(block.fence, `#${undone.id} is not temporary, and nothing says when to undo it`, {
          expected: 'when="the condition"',
          hint: `Add when="the condition" here, or temporary to #${undone.id} if it is always undone`,
        }),
      ]
    })
  },
}

/** The steps that no other step of the page undoes. */
function listNotUndone({ phases }: Procedure): readonly Step[] {
  const steps = phases.flatMap(phase => phase.steps)
  const undone = new Set(steps.flatMap(({ undoes }) => undoes ?? []))
  return steps.filter(({ id }) => !undone.has(id))
}
