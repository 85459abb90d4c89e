import { posix } from 'node:path'
import { type Rule, violation } from '../rule.ts'

/** A script that nobody reads is run by nobody who knows what it does. */
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
