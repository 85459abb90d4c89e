import { editedFile } from '../edited-file.ts'

/** What it says may have been true once. */
export const overdueReview = editedFile({
  name: 'overdue-review',
  title: 'Nobody has read a page for years',
  summary: 'The incident guide was last reviewed in 2020',
  file: 'docs/incidents/index.md',
  change: text => text.replace(/^reviewed: .*$/m, 'reviewed: 2020-01-01'),
})
