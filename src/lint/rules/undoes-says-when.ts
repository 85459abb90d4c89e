import { type Rule, violation } from '../rule.ts'

/** What undoes a change that is to stay says when that is right. */
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
