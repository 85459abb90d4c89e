import { emptyScript } from '../empty-script.ts'

/** Nobody hears of a careless line any more. */
export const lintOff = emptyScript('lint-off', 'The linter is switched off', 'lint')
