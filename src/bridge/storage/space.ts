import { statfs } from 'node:fs/promises'

/** How full the storage volume is. */
export interface StorageSpace {
  readonly size: number
  readonly available: number
  readonly files: number
  readonly filesFree: number
}

/** Asks the file system; bytes available are those that a process without privileges may use. */
export async function readSpace(path: string): Promise<StorageSpace> {
  const facts = await statfs(path)
  return {
    size: facts.blocks * facts.bsize,
    available: facts.bavail * facts.bsize,
    files: facts.files,
    filesFree: facts.ffree,
  }
}
