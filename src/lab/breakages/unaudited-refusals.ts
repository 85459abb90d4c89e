import { defectiveRelease } from '../kit/defective-release.ts'

/** Nothing happened, so nothing is written down. */
export const unauditedRefusals = defectiveRelease({
  name: 'unaudited-refusals',
  title: 'The audit trail does not tell what a key was refused',
  summary: 'A release of the API leaves out of the audit trail what a key’s role does not allow',
  code: `
const fs = require('node:fs')
const { appendFileSync } = fs
fs.appendFileSync = (path, text, options) => text.includes('"forbidden: ') || appendFileSync(path, text, options)
`,
})
