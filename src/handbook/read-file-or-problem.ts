import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../base/index.ts'

/** A file's text; nothing when the file does not exist, and a problem when it exists but cannot be read. */
export async function readFileOrProblem(
  root: string,
  file: string,
  rule: string,
): Promise<{ readonly text?: string; readonly problem?: Problem }> {
  const { content, problem } = await readContent(root, file, rule)
  return { ...(content ? { text: content.toString() } : {}), ...(problem ? { problem } : {}) }
}

/** Like `readFileOrProblem`, with the bytes of the file: its encoding is for the reader to find. */
export async function readContent(
  root: string,
  file: string,
  rule: string,
): Promise<{ readonly content?: Buffer; readonly problem?: Problem }> {
  try {
    return { content: await readFile(join(root, file)) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return {}
    const message = `It cannot be read: ${code === 'EISDIR' ? 'it is a folder' : String(code ?? error)}`
    const hint =
      code === 'EISDIR' ? 'Rename the folder, or move it' : 'Give the person who runs this permission to read it'
    return { problem: { file, line: 1, column: 1, rule, severity: 'error', message, hint } }
  }
}
