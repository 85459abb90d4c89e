import { editedFile } from '../edited-file.ts'

/** The hooks are there, and git does not run them. */
export const hooksNotSet = editedFile({
  name: 'hooks-not-set',
  title: 'Nobody’s git knows of the hooks',
  summary: 'The script prepare of package.json does not set them',
  file: 'package.json',
  change: text => text.replace(' && node scripts/set-hooks.mjs', ''),
})
