import type { Procedure, Step } from '../procedure/index.ts'

/** The steps whose blocks end where they should; one that is never closed holds what was not meant to run. */
export function listWholeSteps({ phases, problems }: Procedure): readonly Step[] {
  const open = problems.filter(({ rule }) => rule === 'closed-fence').map(({ line }) => line)
  return phases.flatMap(({ steps }) => steps).filter(({ block }) => !open.includes(block.fence.line))
}
