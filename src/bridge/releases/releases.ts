import { randomUUID } from 'node:crypto'
import { readdir, readlink, rename, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { errorCode, isMissing } from '../storage/error-code.ts'

/** The installed releases, the current release and the one before it. */
export interface Releases {
  readonly installed: readonly string[]
  readonly current: string | undefined
  readonly previous: string | undefined
}

/** Reads the folder of releases: one folder for each release, and the links `current` and `previous`. */
export async function readReleases(path: string): Promise<Releases> {
  const entries = await readdir(path, { withFileTypes: true }).catch(error => {
    if (isMissing(error)) return []
    throw error
  })
  const installed = entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(entry => entry.name)
  return {
    installed: installed.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    current: await readVersionLink(join(path, 'current')),
    previous: await readVersionLink(join(path, 'previous')),
  }
}

/** Points `current` at an installed release in one step, and `previous` at the release before. Restarts nothing. */
export async function activateRelease(path: string, version: string): Promise<void> {
  const { current } = await readReleases(path)
  if (current === version) return
  if (current !== undefined) await replaceLink(join(path, 'previous'), current)
  await replaceLink(join(path, 'current'), version)
}

async function readVersionLink(link: string): Promise<string | undefined> {
  try {
    return basename(await readlink(link))
  } catch (error) {
    if (isMissing(error) || errorCode(error) === 'EINVAL') return undefined
    throw error
  }
}

async function replaceLink(link: string, target: string): Promise<void> {
  const temporary = `${link}.${randomUUID()}.tmp`
  await symlink(target, temporary)
  await rename(temporary, link)
}
