import { rename } from 'node:fs/promises'
import { isMissing } from './error-code.ts'
import { uploadFiles } from './layout.ts'
import { syncFolder } from './sync-folder.ts'

/** Claims a complete upload for acknowledgement, so that nothing can purge it; false when it is gone. */
export async function seal(folder: string, id: string): Promise<boolean> {
  const files = uploadFiles(folder, id)
  try {
    await rename(files.open, files.sealed)
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  await syncFolder(folder)
  return true
}
