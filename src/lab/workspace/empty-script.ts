import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceMutation } from '../../lab-port/index.ts'

/** A gate that lets everything through: a script of package.json does nothing any more. */
export function emptyScript(name: string, title: string, script: string): WorkspaceMutation {
  return {
    name,
    title,
    summary: `The script ${script} of package.json is true: it succeeds whatever there is`,
    async start(folder) {
      const path = join(folder, 'package.json')
      const file: { scripts?: Record<string, string> } = JSON.parse(await readFile(path, 'utf8'))
      if (file.scripts?.[script] === undefined) throw new Error(`package.json has no script ${script}`)
      file.scripts[script] = 'true'
      await writeFile(path, `${JSON.stringify(file, null, 2)}\n`)
    },
  }
}
