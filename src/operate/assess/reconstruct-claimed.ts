import { join } from 'node:path'
import { describeFailure } from '../../base/index.ts'
import type { Environment, Handbook } from '../../environments/index.ts'
import type { Assessment } from '../../readiness/index.ts'
import { demandLab } from '../demand-lab.ts'
import { UsageError } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { breakWorkspace } from './break-workspace.ts'

/** What is measured of a deployment that was made worse on purpose: with which files, and what is kept of how it was made. */
export interface Reconstructed {
  /** A copy of the handbook that was made worse in the same way; checks of the repository run in it. */
  readonly folder: string
  readonly reconstruction: NonNullable<Assessment['reconstruction']>
  remove(): Promise<void>
}

/** Makes the handbook's files worse, too, as the environment's deployment is; nothing where the environment is not such a one. */
export async function reconstructClaimed(
  handbook: Handbook,
  { reconstruction }: Environment,
  { by }: Pick<Ports, 'by'>,
): Promise<Reconstructed | undefined> {
  if (!reconstruction) return undefined
  const { root } = handbook
  const lab = await demandLab(handbook)
  const { now, built = now } = (await lab.snapshot(root)) ?? {}
  const folder = join(root, '.handbook', 'workspaces', `reconstructed-${by.pid}`)
  const { made, leftOut, remove } = await breakWorkspace(root, folder, lab, reconstruction).catch(error => {
    throw new UsageError(
      `The handbook's files cannot be copied: ${describeFailure(error)}`,
      'It must be a git repository that ignores .handbook/',
    )
  })
  const hashOf = (name: string) => built?.faults[name]?.hash ?? null
  return {
    folder,
    reconstruction: {
      made: Object.fromEntries([...reconstruction.made, ...made].sort().map(name => [name, hashOf(name)])),
      leftOut: { ...reconstruction.leftOut, ...leftOut },
    },
    remove,
  }
}
