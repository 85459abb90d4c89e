import { posix } from 'node:path'
import type { Problem } from '../../base/index.ts'
import type { Page } from '../page.ts'
import { makeProblem } from '../rules.ts'

/** Demands that a page shows every script: one that nobody reads is run by nobody who knows what it does. */
export function checkUnusedScripts(scripts: readonly string[], pages: readonly Page[]): Problem[] {
  const shown = new Set(
    pages.flatMap(({ procedure }) =>
      procedure.phases.flatMap(({ steps }) =>
        steps.flatMap(({ block: { file } }) => (file ? posix.normalize(file) : [])),
      ),
    ),
  )
  return scripts
    .filter(script => !shown.has(script))
    .map(script => makeProblem('script-shown', script, { line: 1, column: 1 }, 'No page shows this script'))
}
