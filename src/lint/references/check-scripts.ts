import { posix } from 'node:path'
import type { Problem } from '../../base/index.ts'
import type { Page } from '../page.ts'
import type { ReadText } from '../read-text.ts'

/** Demands that the scripts that fences name exist, and are equal to what stands in the fence. */
export async function checkScripts(page: Page, readText: ReadText): Promise<Problem[]> {
  const steps = page.procedure.phases.flatMap(phase => phase.steps)
  const found = await Promise.all(
    steps.map(async ({ block }) => {
      if (block.file === undefined) return []
      const path = posix.normalize(block.file)
      if (path.startsWith('..') || path.startsWith('/')) {
        const message = `The script ${block.file} lies outside the handbook`
        return [
          page.problem('script-matches', block.fence, message, { hint: 'Give its path relative to handbook.yaml' }),
        ]
      }
      const script = await readText(path)
      if (script === undefined) {
        const hint = 'Write the script, or correct its path; it is relative to handbook.yaml'
        return [
          page.problem('script-matches', block.fence, `There is no script ${block.file}`, { found: block.file, hint }),
        ]
      }
      const expected = scriptLines(script)
      const written = scriptLines(block.code)
      const index = expected.findIndex((line, at) => line !== written[at])
      const at = index < 0 ? (written.length > expected.length ? expected.length : -1) : index
      if (at < 0) return []
      const place = block.lines[at] ?? block.lines.at(-1) ?? block.fence
      return [
        page.problem('script-matches', place, `The fence is not equal to ${block.file}, from its line ${at + 1} on`, {
          expected: expected[at] ?? 'nothing more',
          found: written[at] ?? 'nothing more',
        }),
      ]
    }),
  )
  return found.flat()
}

/** The lines that are compared: line endings, and empty lines at the end, do not count. */
export function scriptLines(text: string): readonly string[] {
  const trimmed = text.replaceAll('\r\n', '\n').replace(/\n+$/, '')
  return trimmed === '' ? [] : trimmed.split('\n')
}
