import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Deployment, Fault } from './fault.ts'

/** An edit of a YAML file that programs read. */
export interface FileEdit extends Pick<Fault, 'name' | 'title' | 'summary' | 'kind'> {
  readonly path: (deployment: Deployment) => string
  readonly edit: (text: string) => string
  /** Writes a text, `edited` or original, and makes sure that the programs use it. */
  readonly adopt: (deployment: Deployment, text: string, edited: boolean) => Promise<void>
}

/** A fault: a file is edited. Healing restores its text. The fault is a mutation by default. */
export function editedFile({ name, title, summary, kind = 'mutation', path, edit, adopt }: FileEdit): Fault {
  const notePath = ({ notesPath }: Deployment) => join(notesPath, `${name}.yaml`)
  return {
    name,
    title,
    summary,
    kind,
    async start(deployment) {
      const sound = await readFile(path(deployment), 'utf8')
      await writeFile(notePath(deployment), sound, { mode: 0o600 })
      await adopt(deployment, edit(sound), true)
    },
    async stop(deployment) {
      const sound = read(notePath(deployment))
      if (sound === undefined) return
      await adopt(deployment, sound, false)
      await rm(notePath(deployment))
    },
    isActive: deployment => {
      const sound = read(notePath(deployment))
      return sound !== undefined && sound !== read(path(deployment))
    },
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
