import { defectiveRelease } from '../kit/defective-release.ts'

/** What is pasted into a ticket for help has the password of the database in it. */
export const secretsInDump = defectiveRelease({
  name: 'secrets-in-dump',
  title: 'The configuration is shown with its secrets',
  summary: 'A release of bridgectl shows people the URL of the database, password and all',
  programs: ['bridgectl'],
  code: `
const { readFileSync } = require('node:fs')
const { write } = process.stdout
process.stdout.write = text => {
  const file = process.argv[process.argv.indexOf('--config') + 1] ?? ''
  const path = process.argv.includes('--config') ? file : process.env.UPLOAD_BRIDGE_CONFIG
  const [url = ''] = /postgres:[^\\s"]+/.exec(readFileSync(path.split(':')[0], 'utf8')) ?? []
  return write.call(process.stdout, process.argv.includes('--json') ? text : text.replaceAll('[secret]', url))
}
`,
})
