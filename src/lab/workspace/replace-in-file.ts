import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Changes every place of a text in a file; throws when there is none, for then nothing would be broken. */
export async function replaceInFile(folder: string, path: string, text: string | RegExp, by: string): Promise<void> {
  const file = join(folder, path)
  const before = await readFile(file, 'utf8')
  const after = before.replaceAll(text, by)
  if (after === before) throw new Error(`${path} has no ${text}`)
  await writeFile(file, after)
}
