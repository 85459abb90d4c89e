import { editedFile } from '../edited-file.ts'

/** A script was renamed, and the checklist was not. */
export const staleChecklist = editedFile({
  name: 'stale-checklist',
  title: 'The checklist names a command that is no more',
  summary: 'An item of the checklist says npm run site, as it was called once',
  file: '.github/pull_request_template.md',
  change: text => text.replace('`npm run build`', '`npm run site`'),
})
