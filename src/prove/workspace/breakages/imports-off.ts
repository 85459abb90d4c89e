import { emptyScript } from '../empty-script.ts'

/** Rooms may go past each other’s doors again. */
export const importsOff = emptyScript('imports-off', 'Imports are not checked', 'imports')
