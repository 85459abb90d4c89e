import { toVariable } from '../base/index.ts'
import type { PageKind, Phase, ReportProblem, Step } from './model.ts'
import { listRunPhases } from './phases.ts'

/** Demands that every phase with steps is one that a page of this kind runs. */
export function checkPhases(phases: readonly Phase[], kind: PageKind, report: ReportProblem): void {
  const expected = listRunPhases(kind).join(', ')
  for (const phase of phases) {
    if (phase.steps.length === 0 || listRunPhases(kind).includes(phase.title)) continue
    const page = kind === 'assessment' ? 'An assessment' : `A ${kind}`
    report(phase, 'phase-runs', `${page} does not run the phase ${phase.title}, so its steps would not run`, {
      expected,
      found: phase.title,
      hint: `Move the steps to a phase that runs (${expected}), or to a page of their own`,
    })
  }
}

/** Demands that `undoes` names another step of the page. `when` may only stand beside it, for a step that is not temporary. */
export function checkUndoing(steps: readonly Step[], report: ReportProblem): void {
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

/** Demands that the values of two steps do not have the same name in bash. */
export function checkVariables(steps: readonly Step[], report: ReportProblem): void {
  const known = new Map<string, Step>()
  for (const step of steps) {
    const variable = toVariable(step.id)
    const other = known.get(variable)
    known.set(variable, other ?? step)
    if (!other || other.id === step.id) continue
    report(
      step,
      'unique-ids',
      `${step.id} and ${other.id} (line ${other.line}) have one name in bash: STEP_${variable}`,
      {
        found: step.id,
        hint: 'Give one of them another id: <!-- #id -->',
      },
    )
  }
}
