import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceMutation } from '../../lab-port/index.ts'

/** What somebody did to a file of the repository. */
export interface FileEdit extends Pick<WorkspaceMutation, 'name' | 'title' | 'summary'> {
  readonly file: string
  readonly change: (text: string) => string
}

/** A file was edited by somebody who did not think of everything. Fails when the edit changes nothing, for then it proves nothing. */
export function editedFile({ file, change, ...mutation }: FileEdit): WorkspaceMutation {
  return {
    ...mutation,
    async start(folder) {
      const path = join(folder, file)
      const before = await readFile(path, 'utf8')
      const after = change(before)
      if (after === before) throw new Error(`${file} has nothing that this edit would change`)
      await writeFile(path, after)
    },
  }
}
