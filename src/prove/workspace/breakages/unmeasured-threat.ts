import { editedFile } from '../edited-file.ts'

/** It was decided in a meeting that this is safe. */
export const unmeasuredThreat = editedFile({
  name: 'unmeasured-threat',
  title: 'Nobody measures what stops a threat',
  summary: 'The security guide says of a threat only that it is stopped, and names no check',
  file: 'docs/security.md',
  change: text => text.replace(/(\n\| anybody on the network \|.*\|)[^|]*\|\n/, '$1 trust |\n'),
})
