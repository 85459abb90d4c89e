import { editedFile } from '../edited-file.ts'

/** Somebody lowered the thresholds to get a change through. */
export const coverageOff = editedFile({
  name: 'coverage-off',
  title: 'Nothing demands that tests see the code',
  summary: 'The thresholds of vitest.config.ts are 0',
  file: 'vitest.config.ts',
  change: text => text.replace(/(statements|functions|lines): \d+/g, '$1: 0'),
})
