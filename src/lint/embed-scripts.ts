import { posix } from 'node:path'
import { parseProcedure } from '../procedure/index.ts'
import type { ReadText } from './page.ts'

/** Writes every script that a page's fences name into them in full, and returns the new text. Missing scripts are left out. */
export async function embedScripts(text: string, path: string, readText: ReadText): Promise<string> {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = text.split(/\r\n|\r|\n/)
  const steps = parseProcedure(text, path)
    .phases.flatMap(phase => phase.steps)
    .filter(({ block }) => block.file !== undefined)
    .sort((a, b) => b.block.fence.line - a.block.fence.line)
  let changed = false
  for (const { block } of steps) {
    const script = await readText(posix.normalize(block.file ?? ''))
    if (script === undefined) continue
    const wanted = scriptLines(script)
    if (wanted.join('\n') === scriptLines(block.code).join('\n')) continue
    changed = true
    const before = (lines[block.fence.line - 1] ?? '').slice(0, block.fence.column - 1)
    // The mark of a list item becomes spaces on the lines that follow.
    const prefix = before.replace(/[^>\s]/g, ' ')
    const filled = wanted.map(line => (line === '' ? prefix.trimEnd() : prefix + line))
    lines.splice(block.fence.line, block.lines.length, ...filled)
  }
  return changed ? lines.join(newline) : text
}

/** The lines by which a script and its fence are compared: line endings, and empty lines at the end, do not count. */
export function scriptLines(text: string): readonly string[] {
  const trimmed = text.replaceAll('\r\n', '\n').replace(/\n+$/, '')
  return trimmed === '' ? [] : trimmed.split('\n')
}
