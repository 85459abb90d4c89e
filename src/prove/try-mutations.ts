import type { LabWorld } from '../operate/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { listChecks, type Trial } from '../readiness/index.ts'
import { keepChecks } from './choose-checks.ts'
import { type TrialListener, tryInLab } from './try-in-lab.ts'
import { tryInWorkspace } from './try-in-workspace.ts'

/**
 * Causes each mutation, and runs the checks that declare it and some others. Mutations of the deployment are tried in one lab, one after
 * the other. Mutations of the repository are tried at the same time on copies of it, with the checks that declare them. Throws when no lab
 * comes up.
 */
export async function tryMutations(
  pages: readonly Procedure[],
  wanted: readonly string[],
  world: LabWorld,
  listener: TrialListener,
): Promise<Trial[]> {
  const isOfWorkspace = (name: string) => world.lab.workspaceMutations.some(known => known.name === name)
  /** Whether these are only mutations of the repository. */
  const isOfRepository = (breaks: readonly string[]) => breaks.length > 0 && breaks.every(isOfWorkspace)
  const inWorkspace = wanted.filter(isOfWorkspace)
  const inLab = wanted.filter(name => !isOfWorkspace(name))
  const ofLab = keepChecks(pages, ({ breaks }, page) => !isOfRepository(breaks.length > 0 ? breaks : listBreaks(page)))
  const ofWorkspace = keepChecks(pages, ({ breaks }) => breaks.some(isOfWorkspace))
  const trials = await Promise.all([
    inLab.length > 0 ? tryInLab(ofLab, inLab, world, listener) : [],
    inWorkspace.length > 0 ? tryInWorkspace(ofWorkspace, inWorkspace, world, listener) : [],
  ])
  return trials.flat()
}

function listBreaks(page: Procedure): string[] {
  return listChecks(page).flatMap(({ breaks }) => breaks)
}
