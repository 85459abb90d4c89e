import { editedFile } from '../edited-file.ts'

/** Who does not know its alert does not find it. */
export const unlistedRunbook = editedFile({
  name: 'unlisted-runbook',
  title: 'A runbook stands under no part',
  summary: 'The operations runbook does not list the runbook of the storage volume by part',
  file: 'docs/operations/index.mdx',
  change: text => text.replace(/^\| Storage volume .*\n/m, ''),
})
