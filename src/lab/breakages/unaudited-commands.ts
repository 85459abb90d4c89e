import { defectiveRelease } from '../kit/defective-release.ts'

/** Nobody can tell any more who closed admission. */
export const unauditedCommands = defectiveRelease({
  name: 'unaudited-commands',
  title: 'The audit trail does not tell what operators do',
  summary: 'A release of bridgectl writes nothing to the audit trail',
  programs: ['bridgectl'],
  code: `
const fs = require('node:fs')
fs.appendFileSync = () => undefined
`,
})
