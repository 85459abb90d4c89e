import { editedFile } from '../edited-file.ts'

/** The release is out, and whether it works will be told by customers. */
export const unverifiedDeployment = editedFile({
  name: 'unverified-deployment',
  title: 'Nobody looks whether a release serves',
  summary: 'The deployment guide has no canary upload after the release was activated',
  file: 'docs/deployment/deploy.md',
  change: text => text.replace(/### A canary upload goes all the way[\s\S]*?(?=### |$)/, ''),
})
