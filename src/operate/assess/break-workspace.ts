import { rm } from 'node:fs/promises'
import { describeFailure } from '../../base/index.ts'
import type { Lab, Reconstruction } from '../../lab-port/index.ts'
import { copyWorkspace } from './copy-workspace.ts'

/** A copy of a repository in which its mutations were made together, and what of them was made. */
export interface BrokenWorkspace extends Reconstruction {
  remove(): Promise<void>
}

/**
 * Copies a repository to a folder and makes every mutation of it there, one after the other, but those that are left out. One that cannot be
 * made after the others is left out too, with the reason.
 */
export async function breakWorkspace(
  root: string,
  folder: string,
  { workspaceMutations }: Pick<Lab, 'workspaceMutations'>,
  { leftOut }: Pick<Reconstruction, 'leftOut'>,
): Promise<BrokenWorkspace> {
  const made: string[] = []
  const failed: Record<string, string> = {}
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    await copyWorkspace(root, folder)
    for (const { name, start } of workspaceMutations.filter(({ name }) => !Object.hasOwn(leftOut, name))) {
      await start(folder).then(
        () => made.push(name),
        error => {
          failed[name] = describeFailure(error).replaceAll(folder, '.')
        },
      )
    }
  } catch (error) {
    await remove()
    throw error
  }
  return { made, leftOut: failed, remove }
}
