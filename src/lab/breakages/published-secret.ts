import { editedConfiguration } from '../kit/edited-configuration.ts'

/** A secret that everybody with a clone of this repository knows. */
export const publishedSecret = editedConfiguration({
  name: 'published-secret',
  title: 'A secret is in the repository',
  summary: 'downstream.token is a text that stands in a file of this repository',
  set: { 'downstream.token': 'upload-bridge-handbook' },
})
