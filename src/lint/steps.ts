import type { Procedure, Step } from '../procedure/index.ts'

/**
 * The steps whose values a step may read, in the order in which they run: those above it in its own phase, and those of the phases before.
 * Rolling back may come before Verify, and goes backwards, so it can count on Diagnose and Mitigate only.
 */
export function findEarlierSteps({ phases }: Procedure, step: Step): Step[] {
  const index = phases.findIndex(phase => phase.name === step.phase)
  const before = phases.slice(0, index).filter(({ name }) => step.phase !== 'roll-back' || name !== 'verify')
  const own = phases[index]?.steps ?? []
  const above = step.phase === 'roll-back' ? [] : own.slice(0, own.indexOf(step))
  return [...before.flatMap(phase => phase.steps), ...above]
}

/** The steps whose blocks end where they should; one that is never closed holds what was not meant to run. */
export function listWholeSteps({ phases, problems }: Procedure): readonly Step[] {
  const open = problems.filter(({ rule }) => rule === 'closed-fence').map(({ line }) => line)
  return phases.flatMap(({ steps }) => steps).filter(({ block }) => !open.includes(block.fence.line))
}
