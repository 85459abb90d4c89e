import { defectiveRelease } from '../kit/defective-release.ts'

/** For the sake of one old client. */
export const oldTls = defectiveRelease({
  name: 'old-tls',
  title: 'TLS 1.0 and 1.1 are accepted',
  summary: 'A release makes its server of HTTPS for every version of TLS and every cipher',
  code: `
const https = require('node:https')
const { createServer } = https
https.createServer = (options, handler) =>
  createServer({ ...options, minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }, handler)
`,
})
