import { rename, rm } from 'node:fs/promises'
import { isMissing } from './error-code.ts'
import { uploadFiles } from './layout.ts'

/** Removes an upload that is not acknowledged; false when it was sealed or removed by somebody else first. */
export async function removePartial(folder: string, id: string): Promise<boolean> {
  const files = uploadFiles(folder, id)
  try {
    await rename(files.open, files.purging)
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  await finishRemoval(folder, id)
  return true
}

/** Ends a removal that has been claimed, also one that was cut off halfway. */
export async function finishRemoval(folder: string, id: string): Promise<void> {
  const files = uploadFiles(folder, id)
  await rm(files.data, { force: true })
  await rm(files.purging, { force: true })
}
