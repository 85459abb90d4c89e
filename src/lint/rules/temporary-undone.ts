import { listNotUndone } from '../references/undone-steps.ts'
import { type Rule, violation } from '../rule.ts'

/** What is temporary ends. */
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
