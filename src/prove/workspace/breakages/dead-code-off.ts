import { emptyScript } from '../empty-script.ts'

/** What nobody uses stays. */
export const deadCodeOff = emptyScript('dead-code-off', 'Dead code is not looked for', 'dead-code')
