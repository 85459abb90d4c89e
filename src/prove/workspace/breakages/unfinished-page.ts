import { editedFile } from '../edited-file.ts'

/** It was to be written after the release. */
export const unfinishedPage = editedFile({
  name: 'unfinished-page',
  title: 'A runbook is not finished',
  summary: 'The section Prevent of a runbook holds nothing but a note to write it',
  file: 'runbooks/downstream-down.md',
  change: text => text.replace(/(## Prevent\n\n)[\s\S]*$/, `$1${'TO'}DO: write this\n`),
})
