import { constants, copyFile, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { hashFile } from '../storage/bytes.ts'
import { isMissing } from '../storage/error-code.ts'
import { makeFolder } from '../storage/ownership.ts'
import type { BackedUpFile } from './manifest.ts'

/** Copies configuration files, with those of the secrets and certificates that they name, and the small files of the state. */
export async function exportSettings(
  folder: string,
  configuration: readonly string[],
  statePath: string,
): Promise<readonly BackedUpFile[]> {
  makeFolder(join(folder, 'configuration'), 0o700)
  makeFolder(join(folder, 'state'), 0o700)
  const files: BackedUpFile[] = []
  for (const [index, original] of configuration.entries()) {
    files.push(await copy(folder, `configuration/${index + 1}-${basename(original)}`, original))
  }
  const entries = await readdir(statePath, { withFileTypes: true }).catch(error => {
    if (isMissing(error)) return []
    throw error
  })
  for (const entry of entries.filter(entry => entry.isFile() && !entry.name.endsWith('.tmp'))) {
    files.push(await copy(folder, `state/${entry.name}`, join(statePath, entry.name)))
  }
  return files
}

async function copy(folder: string, path: string, original: string): Promise<BackedUpFile> {
  const target = join(folder, path)
  await copyFile(original, target, constants.COPYFILE_EXCL)
  return { path, original, sha256: await hashFile(target) }
}
