import { posix } from 'node:path'
import { scriptLines } from '../embed-scripts.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

/** A fence shows its script exactly. */
export const scriptMatches: Rule = {
  id: 'script-matches',
  severity: 'error',
  summary: 'A script and the fence that shows it are equal',
  hint: 'Write the script into the page: handbook check --fix',
  async checkReferences(page, { readText }) {
    const steps = page.procedure.phases.flatMap(phase => phase.steps)
    const found = await Promise.all(
      steps.map(async ({ block }): Promise<Violation[]> => {
        if (block.file === undefined) return []
        const path = posix.normalize(block.file)
        if (path.startsWith('..') || path.startsWith('/')) {
          const message = `The script ${block.file} lies outside the handbook`
          return [violation(block.fence, message, { hint: 'Give its path relative to handbook.yaml' })]
        }
        const script = await readText(path)
        if (script === undefined) {
          const hint = 'Write the script, or correct its path; it is relative to handbook.yaml'
          return [violation(block.fence, `There is no script ${block.file}`, { found: block.file, hint })]
        }
        const expected = scriptLines(script)
        const written = scriptLines(block.code)
        const index = expected.findIndex((line, at) => line !== written[at])
        const at = index < 0 ? (written.length > expected.length ? expected.length : -1) : index
        if (at < 0) return []
        const place = block.lines[at] ?? block.lines.at(-1) ?? block.fence
        return [
          violation(place, `The fence is not equal to ${block.file}, from its line ${at + 1} on`, {
            expected: expected[at] ?? 'nothing more',
            found: written[at] ?? 'nothing more',
          }),
        ]
      }),
    )
    return found.flat()
  },
}

/** Every script stands on a page, so that people can read what it does. */
export const scriptShown: Rule = {
  id: 'script-shown',
  severity: 'error',
  summary: 'A page shows every script',
  hint: 'Show it: a fence with file= of its path; or delete it',
  checkHandbook(pages, { scripts = [] }) {
    const shown = new Set(
      pages.flatMap(({ procedure }) =>
        procedure.phases.flatMap(({ steps }) =>
          steps.flatMap(({ block: { file } }) => (file ? posix.normalize(file) : [])),
        ),
      ),
    )
    return scripts
      .filter(script => !shown.has(script))
      .map(script => ({ file: script, ...violation({ line: 1, column: 1 }, 'No page shows this script') }))
  },
}
