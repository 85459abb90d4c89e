import { join } from 'node:path'
import { hashFile } from '../storage/bytes.ts'
import { isMissing } from '../storage/error-code.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { readUploads } from './rows.ts'

/** The content of a backup, and every difference from its manifest and rows. */
export interface Verification {
  readonly manifest: Manifest
  readonly uploads: number
  readonly problems: readonly string[]
}

/** Reads a whole backup. Compares every file with its hash and every upload with its row. */
export async function verifyBackup(folder: string): Promise<Verification> {
  const manifest = await readManifest(folder)
  const problems: string[] = []
  for (const { path, sha256 } of manifest.files) {
    const problem = await compare(folder, path, sha256)
    if (problem !== undefined) problems.push(problem)
  }
  // Damaged rows would be read as nonsense.
  if (problems.some(problem => problem.startsWith('tables/'))) return { manifest, uploads: 0, problems }
  const excused = new Set([...manifest.uploads.removedMeanwhile, ...manifest.uploads.missing])
  let uploads = 0
  for await (const { id, sha256, bytes_removed_at } of readUploads(folder)) {
    if (bytes_removed_at !== null || excused.has(id)) continue
    uploads += 1
    const problem = await compare(folder, join('uploads', id), sha256)
    if (problem !== undefined) problems.push(problem)
  }
  return { manifest, uploads, problems }
}

async function compare(folder: string, path: string, sha256: string): Promise<string | undefined> {
  try {
    const found = await hashFile(join(folder, path))
    return found === sha256 ? undefined : `${path} has SHA-256 ${found}, and should have ${sha256}`
  } catch (error) {
    if (isMissing(error)) return `${path} is missing`
    throw error
  }
}
