import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Deployment, Fault } from './fault.ts'

/** What somebody did to a file of YAML that programs read. */
export interface FileEdit extends Pick<Fault, 'name' | 'title' | 'summary' | 'kind'> {
  readonly path: (deployment: Deployment) => string
  readonly edit: (text: string) => string
  /** Brings a text in force, the `edited` one or the one before it: writes it, and makes sure that it is gone by. */
  readonly adopt: (deployment: Deployment, text: string, edited: boolean) => Promise<void>
}

/** A fault: a file is edited; healing puts back what it was. A mutation, unless said. */
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
