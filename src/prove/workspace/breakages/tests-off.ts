import { emptyScript } from '../empty-script.ts'

/** Nobody hears of what no longer works. */
export const testsOff = emptyScript('tests-off', 'No test is run', 'test')
