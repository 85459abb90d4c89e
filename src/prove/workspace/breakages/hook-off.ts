import { editedFile } from '../edited-file.ts'

/** A hook that somebody found too slow. */
export const hookOff = editedFile({
  name: 'hook-off',
  title: 'The hook lets every commit through',
  summary: '.githooks/pre-commit ends before it looks at anything',
  file: '.githooks/pre-commit',
  change: text => text.replace('set -euo pipefail', 'exit 0'),
})
