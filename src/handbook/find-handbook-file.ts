import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { findYamlOffset } from '../base/index.ts'
import { HANDBOOK_FILE } from '../environments/pure.ts'

/** The place of a value, or of the nearest key above it, in `handbook.yaml`; the beginning of the file for a default value. */
export async function findInHandbookFile(
  root: string,
  path: readonly PropertyKey[],
): Promise<{ readonly line: number; readonly column: number }> {
  const text = await readFile(join(root, HANDBOOK_FILE), 'utf8').catch(() => '')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const { line, col } = lines.linePos(findYamlOffset(document, path))
  return { line, column: col }
}

/** The nearest folder at or above `cwd` that has a `handbook.yaml`. A run's first step waits for it: it is looked for at once. */
export function findHandbookRoot(cwd: string): string | undefined {
  if (listFolder(cwd).includes(HANDBOOK_FILE)) return cwd
  const above = dirname(cwd)
  return above === cwd ? undefined : findHandbookRoot(above)
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
