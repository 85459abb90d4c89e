import { readFileSync } from 'node:fs'
import { rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readLink } from '../deployment/releases.ts'
import type { Deployment, Fault } from '../kit/fault.ts'

/** Old releases were cleaned up. */
export const previousLost: Fault = {
  name: 'previous-lost',
  title: 'There is no release to go back to',
  summary: 'Somebody removes the link to the previous release',
  kind: 'defect',
  async start(deployment) {
    const version = readLink(linkOf(deployment))
    if (version === undefined) return
    await writeFile(noteOf(deployment), version)
    await rm(linkOf(deployment))
  },
  async stop(deployment) {
    const version = readNote(deployment)
    if (version === undefined) return
    await rm(linkOf(deployment), { force: true })
    await symlink(version, linkOf(deployment))
    await rm(noteOf(deployment))
  },
  isActive: deployment => readNote(deployment) !== undefined && readLink(linkOf(deployment)) === undefined,
}

function linkOf({ releasesPath }: Deployment): string {
  return join(releasesPath, 'previous')
}

function noteOf({ notesPath }: Deployment): string {
  return join(notesPath, 'previous-lost.txt')
}

function readNote(deployment: Deployment): string | undefined {
  try {
    return readFileSync(noteOf(deployment), 'utf8')
  } catch {
    return undefined
  }
}
