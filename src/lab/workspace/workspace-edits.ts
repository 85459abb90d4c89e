import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceMutation } from '../../lab-port/index.ts'

/** An edit of a file of the repository. */
interface WorkspaceEdit extends Pick<WorkspaceMutation, 'name' | 'title' | 'summary'> {
  readonly file: string
  readonly change: (text: string) => string
}

/** A mutation: a file is edited carelessly. Fails when the edit changes nothing, because then it would prove nothing. */
export function editedWorkspaceFile({ file, change, ...mutation }: WorkspaceEdit): WorkspaceMutation {
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

/** A mutation: a script of package.json does nothing, so its gate passes everything. */
export function emptyScript(name: string, title: string, script: string): WorkspaceMutation {
  return {
    name,
    title,
    summary: `The script ${script} of package.json is true: it always succeeds`,
    async start(folder) {
      const path = join(folder, 'package.json')
      const file: { scripts?: Record<string, string> } = JSON.parse(await readFile(path, 'utf8'))
      if (file.scripts?.[script] === undefined) throw new Error(`package.json has no script ${script}`)
      file.scripts[script] = 'true'
      await writeFile(path, `${JSON.stringify(file, null, 2)}\n`)
    },
  }
}

/** Replaces a text everywhere in a file. Throws when the file does not have it, because then nothing would be broken. */
export async function replaceInFile(folder: string, path: string, text: string | RegExp, by: string): Promise<void> {
  const file = join(folder, path)
  const before = await readFile(file, 'utf8')
  const after = before.replaceAll(text, by)
  if (after === before) throw new Error(`${path} has no ${text}`)
  await writeFile(file, after)
}
