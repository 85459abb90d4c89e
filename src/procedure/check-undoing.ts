import type { Step } from './model.ts'
import type { Report } from './part.ts'

/** Demands that `undoes` names a step of the page, and that `when` says when a step that is no temporary one is undone. */
export function checkUndoing(steps: readonly Step[], report: Report): void {
  for (const { id, undoes, when, block } of steps) {
    const undone = steps.find(step => step.id === undoes)
    if (undone?.id === id)
      report(block.fence, 'undoes-a-step', `undoes=${id} names this step itself`, {
        found: id,
        hint: `Other steps of this page: ${steps.flatMap(step => (step.id === id ? [] : step.id)).join(', ') || 'none yet'}`,
      })
    if (undoes !== undefined && !undone) {
      report(block.fence, 'undoes-a-step', `undoes=${undoes} names no step of this page`, {
        found: undoes,
        hint: `Steps of this page: ${steps.map(({ id }) => id).join(', ')}`,
      })
    }
    if (when === undefined) continue
    if (undoes === undefined) {
      report(block.fence, 'when-undoes', 'when= says when another step is undone, and this step undoes none', {
        hint: 'Add undoes=STEP, or remove when=',
      })
    } else if (undone?.temporary) {
      report(block.fence, 'when-undoes', `#${undoes} is temporary, so it is always undone and when= has no effect`, {
        hint: 'Remove when=, or remove temporary from the step that is undone',
      })
    }
  }
}
