import type { Procedure, Step } from '../procedure/index.ts'

/**
 * The steps that run before a step, in their order: those above it in its own phase, and those of the phases before. It may read their values.
 * Roll back may run before Verify, and runs backwards. So its steps may read values of Diagnose and Mitigate only.
 */
export function findEarlierSteps({ phases }: Procedure, step: Step): Step[] {
  const index = phases.findIndex(phase => phase.name === step.phase)
  const before = phases.slice(0, index).filter(({ name }) => step.phase !== 'roll-back' || name !== 'verify')
  const own = phases[index]?.steps ?? []
  const above = step.phase === 'roll-back' ? [] : own.slice(0, own.indexOf(step))
  return [...before.flatMap(phase => phase.steps), ...above]
}

/** The steps with a closed fence. A fence that is never closed holds text that was not meant to run. */
export function listWholeSteps({ phases, problems }: Procedure): readonly Step[] {
  const open = problems.filter(({ rule }) => rule === 'closed-fence').map(({ line }) => line)
  return phases.flatMap(({ steps }) => steps).filter(({ block }) => !open.includes(block.fence.line))
}
