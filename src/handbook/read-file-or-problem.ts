import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../base/index.ts'

/** A file's text; nothing when the file does not exist, and a problem when it exists but cannot be read. */
export async function readFileOrProblem(
  root: string,
  file: string,
  rule: string,
): Promise<{ readonly text?: string; readonly problem?: Problem }> {
  try {
    return { text: await readFile(join(root, file), 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return {}
    const message = `It cannot be read: ${code === 'EISDIR' ? 'it is a folder' : String(code ?? error)}`
    const hint =
      code === 'EISDIR' ? 'Rename the folder, or move it' : 'Give the person who runs this permission to read it'
    return { problem: { file, line: 1, column: 1, rule, severity: 'error', message, hint } }
  }
}
