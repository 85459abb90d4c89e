import { defectiveRelease } from '../kit/defective-release.ts'

/** Tidying up at the start, with what was under way. */
export const partialsLost = defectiveRelease({
  name: 'partials-lost',
  title: 'A restart forgets the uploads under way',
  summary: 'A release removes every partial upload from the volume when it starts',
  code: `
const { readdirSync, readFileSync, rmSync } = require('node:fs')
const configuration = readFileSync(process.argv[process.argv.indexOf('--config') + 1], 'utf8')
const [, storage = ''] = /^storage:\\s*\\n\\s+path: (\\S+)/m.exec(configuration) ?? []
const folder = storage + '/uploads'
try {
  for (const name of readdirSync(folder)) if (/^[0-9a-f]{32}\\.json$/.test(name)) {
    rmSync(folder + '/' + name)
    rmSync(folder + '/' + name.slice(0, 32), { force: true })
  }
} catch {}
`,
})
