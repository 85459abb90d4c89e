import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describeFailure } from '../base/index.ts'
import { bareEnvironment } from '../environments/pure.ts'
import { copyWorkspace, type LabWorld } from '../operate/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { CheckResult, Trial } from '../readiness/index.ts'
import { chooseInSight, measureChecks } from './choose-checks.ts'
import type { TrialListener } from './try-in-lab.ts'

/** Tries mutations on copies of the repository, a new one for each. */
export async function tryInWorkspace(
  pages: readonly Procedure[],
  names: readonly string[],
  world: LabWorld,
  listener: TrialListener,
): Promise<Trial[]> {
  const inCopy = async (name: string, work: (folder: string) => Promise<CheckResult[]>) => {
    const folder = join(world.directory, '..', 'workspaces', name)
    try {
      await copyWorkspace(world.root, folder)
      return await work(folder)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  const measureIn = (folder: string, inSight: readonly Procedure[]) =>
    measureChecks(inSight, WORKSPACE, { ...world, root: folder })
  listener.say('Control: every check of the repository, on a copy of it')
  const control = await inCopy('control', folder => measureIn(folder, pages))
  const trials: Trial[] = []
  for (const mutation of world.lab.workspaceMutations.filter(({ name }) => names.includes(name))) {
    if (world.signal.aborted) break
    const begun = performance.now()
    const known = { mutation: mutation.name, control }
    const trial = await inCopy(mutation.name, async folder => {
      await mutation.start(folder)
      return measureIn(folder, chooseInSight(pages, mutation.name, control))
    }).then(
      (broken): Trial => ({ ...known, broken }),
      (error): Trial => ({ ...known, broken: [], failure: `it could not be brought about: ${describeFailure(error)}` }),
    )
    if (world.signal.aborted) break
    trials.push(trial)
    listener.tried(trial, (performance.now() - begun) / 1000)
  }
  return trials
}

/** The environment for checks of the repository: a copy, without a deployment. */
const WORKSPACE = bareEnvironment('workspace')
