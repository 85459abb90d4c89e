import type { Procedure, Step } from '../procedure/index.ts'
import { listChecks } from '../readiness/index.ts'

/** The pages as if they had only these checks; a page without any is left out. */
export function keepChecks(pages: readonly Procedure[], keep: (check: Step, page: Procedure) => boolean): Procedure[] {
  return pages
    .map(page => ({
      ...page,
      phases: page.phases.map(phase => ({ ...phase, steps: phase.steps.filter(step => keep(step, page)) })),
    }))
    .filter(page => listChecks(page).length > 0)
}
