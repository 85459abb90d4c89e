import { editedFile } from '../edited-file.ts'

/** Everybody is to know by themselves what a deputy does. */
export const roleWithoutSteps = editedFile({
  name: 'role-without-steps',
  title: 'A role in incidents has no steps',
  summary: 'The incident guide says nothing of what the deputy does',
  file: 'docs/incidents/index.md',
  change: text => text.replace(/(### Deputy\n)[\s\S]*?(?=### )/, '$1\nHelps the commander.\n\n'),
})
