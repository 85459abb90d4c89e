import { emptyScript } from '../empty-script.ts'

/** A text is taken for a number, and nobody hears of it. */
export const typesOff = emptyScript('types-off', 'Types are not checked', 'types')
