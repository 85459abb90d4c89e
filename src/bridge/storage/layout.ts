import { randomBytes } from 'node:crypto'
import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The files of an upload on the volume. `ID` holds its bytes. Until the upload is acknowledged, `ID.json` describes it. A rename decides
 * its fate: to `ID.sealed.json` to acknowledge it, or to `ID.purging.json` to remove it. Only one of the two can succeed, and neither needs
 * free space or the database.
 */
export interface UploadFiles {
  readonly data: string
  readonly open: string
  readonly sealed: string
  readonly purging: string
}

/** The folder of all uploads on the volume. */
export function uploadsFolder(storagePath: string): string {
  return join(storagePath, 'uploads')
}

/** The files of one upload. */
export function uploadFiles(folder: string, id: string): UploadFiles {
  const data = join(folder, id)
  return { data, open: `${data}.json`, sealed: `${data}.sealed.json`, purging: `${data}.purging.json` }
}

/** Makes a new id. No part of it comes from the client. */
export function generateUploadId(): string {
  return randomBytes(16).toString('hex')
}

/** Whether a text has the form of an id, so that it is safe in a path. */
export function isUploadId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}

/** Creates the folder of uploads. */
export async function createUploadsFolder(storagePath: string): Promise<string> {
  const folder = uploadsFolder(storagePath)
  await mkdir(folder, { recursive: true })
  return folder
}

/** How full the storage volume is. */
interface StorageSpace {
  readonly size: number
  readonly available: number
  readonly files: number
  readonly filesFree: number
}

/** Asks the file system. The available bytes are those for processes without privileges. */
export async function readSpace(path: string): Promise<StorageSpace> {
  const facts = await statfs(path)
  return {
    size: facts.blocks * facts.bsize,
    available: facts.bavail * facts.bsize,
    files: facts.files,
    filesFree: facts.ffree,
  }
}
