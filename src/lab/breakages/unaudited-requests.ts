import { defectiveRelease } from '../kit/defective-release.ts'

/** What clients do is in the log at best, and that is rotated away. */
export const unauditedRequests = defectiveRelease({
  name: 'unaudited-requests',
  title: 'The audit trail does not tell what clients do',
  summary: 'A release of the API leaves upload.create out of the audit trail',
  code: `
const fs = require('node:fs')
const { appendFileSync } = fs
fs.appendFileSync = (path, text, options) => String(text).includes('"upload.create"') || appendFileSync(path, text, options)
`,
})
