import { editedFile } from '../edited-file.ts'

/** An error was added to the service, and the page was not written anew. */
export const staleErrorEntry = editedFile({
  name: 'stale-error-entry',
  title: 'An error code has no entry',
  summary: 'The entry of storage-full is missing on the page of error codes',
  file: 'docs/operations/errors.md',
  change: text => text.replace(/### `storage-full`\n[\s\S]*?(?=### )/, ''),
})
