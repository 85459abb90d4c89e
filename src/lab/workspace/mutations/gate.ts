import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceMutation } from '../../../lab-port/index.ts'
import { editedWorkspaceFile, emptyScript } from '../workspace-edits.ts'

/** Pages are checked, and nothing is ever found. */
export const checkOff = (): WorkspaceMutation => ({
  name: 'check-off',
  title: 'handbook check finds nothing',
  summary: 'The command that checks pages always says that all is well',
  async start(folder) {
    const dist = join(folder, 'dist')
    await rm(dist)
    await mkdir(dist)
    await writeFile(join(dist, 'handbook.cjs'), `console.log('{"problems":[]}')\n`)
  },
})

/** Somebody lowered the goals to get a change through. */
export const coverageOff = () =>
  editedWorkspaceFile({
    name: 'coverage-off',
    title: 'Nothing demands that tests see the code',
    summary: 'The goals of scripts/coverage.mjs are 0',
    file: 'scripts/coverage.mjs',
    change: text => text.replace(/(lines|branches): \d+/g, '$1: 0'),
  })

/** Unused code stays. */
export const deadCodeOff = () => emptyScript('dead-code-off', 'Dead code is not looked for', 'dead-code')

/** A hook that somebody found too slow. */
export const hookOff = () =>
  editedWorkspaceFile({
    name: 'hook-off',
    title: 'The hook lets every commit through',
    summary: '.githooks/pre-commit ends before it looks at anything',
    file: '.githooks/pre-commit',
    change: text => text.replace('set -euo pipefail', 'exit 0'),
  })

/** The hooks are there, and git does not run them. */
export const hooksNotSet = () =>
  editedWorkspaceFile({
    name: 'hooks-not-set',
    title: 'Nobody’s git knows of the hooks',
    summary: 'The script prepare of package.json does not set them',
    file: 'package.json',
    change: text => text.replace(' && node scripts/set-hooks.mjs', ''),
  })

/** Rooms may go past each other’s doors again. */
export const importsOff = () => emptyScript('imports-off', 'Imports are not checked', 'imports')

/** Nobody is warned of a careless line any more. */
export const lintOff = () => emptyScript('lint-off', 'The linter is switched off', 'lint')

/** A change needs no answers. */
export const reviewOff = () => emptyScript('review-off', 'No checklist is asked for', 'review')

/** A script was renamed, and the checklist was not. */
export const staleChecklist = () =>
  editedWorkspaceFile({
    name: 'stale-checklist',
    title: 'The checklist names a command that is no more',
    summary: 'An item of the checklist says npm run site, as it was called once',
    file: '.github/pull_request_template.md',
    change: text => text.replace('`npm run build`', '`npm run site`'),
  })

/** A text is taken for a number, and nothing reports it. */
export const typesOff = () => emptyScript('types-off', 'Types are not checked', 'types')
