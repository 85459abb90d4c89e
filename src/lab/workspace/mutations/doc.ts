import { editedWorkspaceFile } from '../workspace-edits.ts'

/** A page was renamed, and a link to it was not. */
export const deadLink = () =>
  editedWorkspaceFile({
    name: 'dead-link',
    title: 'A link leads nowhere',
    summary: 'A link of the troubleshooting guide names a page that is not there',
    file: 'docs/operations/troubleshooting.md',
    change: text => text.replace('](find-upload.md)', '](find-an-upload.md)'),
  })

/** The page may have been true once. */
export const overdueReview = () =>
  editedWorkspaceFile({
    name: 'overdue-review',
    title: 'Nobody has read a page for years',
    summary: 'The incident guide was last reviewed in 2020',
    file: 'docs/incidents/index.md',
    change: text => text.replace(/^reviewed: .*$/m, 'reviewed: 2020-01-01'),
  })

/** The team moved to another channel, and the guide did not. */
export const ownerWithoutContact = () =>
  editedWorkspaceFile({
    name: 'owner-without-contact',
    title: 'The incident guide names an old contact',
    summary: 'The contact of an owner was changed in handbook.yaml, and not in the incident guide',
    file: 'handbook.yaml',
    change: text => text.replace('"#upload-bridge-storage"', '"#storage-on-call"'),
  })

/** Everybody is to know by themselves what a deputy does. */
export const roleWithoutSteps = () =>
  editedWorkspaceFile({
    name: 'role-without-steps',
    title: 'A role in incidents has no steps',
    summary: 'The incident guide says nothing of what the deputy does',
    file: 'docs/incidents/index.md',
    change: text => text.replace(/(### Deputy\n)[\s\S]*?(?=### )/, '$1\nHelps the commander.\n\n'),
  })

/** An error was added to the service, and the page was not written anew. */
export const staleErrorEntry = () =>
  editedWorkspaceFile({
    name: 'stale-error-entry',
    title: 'An error code has no entry',
    summary: 'The entry of storage-full is missing on the page of error codes',
    file: 'docs/operations/errors.md',
    change: text => text.replace(/### `storage-full`\n[\s\S]*?(?=### )/, ''),
  })

/** It worked on its author's machine. */
export const unexecutedCommand = () =>
  editedWorkspaceFile({
    name: 'unexecuted-command',
    title: 'A page tells to type what nobody has run',
    summary: 'A guide ends with a command that no test and no drill executes',
    file: 'docs/start-here.md',
    change: text => `${text}\n\`\`\`bash\nbridgectl uploads purge --all\n\`\`\`\n`,
  })

/** It was to be written after the release. */
export const unfinishedPage = () =>
  editedWorkspaceFile({
    name: 'unfinished-page',
    title: 'A runbook is not finished',
    summary: 'The section Prevent of a runbook holds nothing but a note to write it',
    file: 'runbooks/downstream-down.md',
    change: text => text.replace(/(## Prevent\n\n)[\s\S]*$/, `$1${'TO'}DO: write this\n`),
  })

/** People who do not know its alert cannot find it. */
export const unlistedRunbook = () =>
  editedWorkspaceFile({
    name: 'unlisted-runbook',
    title: 'A runbook stands under no part',
    summary: 'The operations runbook does not list the runbook of the storage volume by part',
    file: 'docs/operations/index.mdx',
    change: text => text.replace(/^\| Storage volume .*\n/m, ''),
  })

/** It was decided in a meeting that this is safe. */
export const unmeasuredThreat = () =>
  editedWorkspaceFile({
    name: 'unmeasured-threat',
    title: 'Nobody measures what stops a threat',
    summary: 'The security guide says of a threat only that it is stopped, and names no check',
    file: 'docs/security.md',
    change: text => text.replace(/(\n\| anybody on the network \|.*\|)[^|]*\|\n/, '$1 trust |\n'),
  })

/** The release is out, and only customers will report whether it works. */
export const unverifiedDeployment = () =>
  editedWorkspaceFile({
    name: 'unverified-deployment',
    title: 'Nobody looks whether a release serves',
    summary: 'The deployment guide has no canary upload after the release was activated',
    file: 'docs/deployment/deploy.md',
    change: text => text.replace(/### A canary upload goes all the way[\s\S]*?(?=### |$)/, ''),
  })
