import type { Procedure } from '../procedure/index.ts'
import { listChecks, type Trial } from '../readiness/index.ts'
import type { LabWorld } from './plan.ts'
import type { TrialListener } from './trial-listener.ts'
import { tryInLab } from './try-in-lab.ts'
import { tryInWorkspace } from './try-in-workspace.ts'
import { workspaceBreakages } from './workspace/breakages/index.ts'

/**
 * Brings about each breakage that pages declare, one after the other, and runs the pages under it. What breaks a deployment is tried
 * in one lab, over all pages that measure a deployment; what breaks the repository is tried on copies of it, over the others.
 * `wanted`: only these breakages. Throws when no lab comes up.
 */
export async function tryBreakages(
  pages: readonly Procedure[],
  wanted: readonly string[],
  world: LabWorld,
  listener: TrialListener,
): Promise<Trial[]> {
  const ofWorkspace = pages.filter(measuresWorkspace)
  const ofLab = pages.filter(page => !measuresWorkspace(page))
  const inWorkspace = workspaceBreakages.filter(({ name }) => wanted.includes(name)).map(({ name }) => name)
  const inLab = wanted.filter(name => !inWorkspace.includes(name))
  return [
    ...(inLab.length > 0 ? await tryInLab(ofLab, inLab, world, listener) : []),
    ...(inWorkspace.length > 0 ? await tryInWorkspace(ofWorkspace, inWorkspace, world, listener) : []),
  ]
}

/** A page all of whose breakages are done to the repository measures the repository. */
function measuresWorkspace(page: Procedure): boolean {
  const breaks = listChecks(page).flatMap(({ breaks }) => breaks)
  return breaks.length > 0 && breaks.every(name => workspaceBreakages.some(known => known.name === name))
}
