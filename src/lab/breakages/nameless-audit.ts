import { defectiveRelease } from '../kit/defective-release.ts'

/** For privacy, somebody said. */
export const namelessAudit = defectiveRelease({
  name: 'nameless-audit',
  title: 'The audit trail does not say whose key it was',
  summary: 'A release of the API leaves the id of the key out of the audit trail',
  code: `
const fs = require('node:fs')
const { appendFileSync } = fs
fs.appendFileSync = (path, text, options) =>
  appendFileSync(path, text.includes('upload-bridge.audit') ? text.replace(/"user\\.name":"[^"]*",/g, '') : text, options)
`,
})
