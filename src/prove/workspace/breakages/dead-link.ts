import { editedFile } from '../edited-file.ts'

/** A page was renamed, and a link to it was not. */
export const deadLink = editedFile({
  name: 'dead-link',
  title: 'A link leads nowhere',
  summary: 'A link of the troubleshooting guide names a page that is not there',
  file: 'docs/operations/troubleshooting.md',
  change: text => text.replace('](find-upload.md)', '](find-an-upload.md)'),
})
