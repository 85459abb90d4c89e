import { editedFile } from '../edited-file.ts'

/** The team moved to another channel, and the guide did not. */
export const ownerWithoutContact = editedFile({
  name: 'owner-without-contact',
  title: 'The incident guide names an old contact',
  summary: 'The contact of an owner was changed in handbook.yaml, and not in the incident guide',
  file: 'handbook.yaml',
  change: text => text.replace('"#upload-bridge-storage"', '"#storage-on-call"'),
})
