import { defectiveRelease } from '../kit/defective-release.ts'

/** The rows come back, and look well. */
export const restoreWithoutBytes = defectiveRelease({
  name: 'restore-without-bytes',
  title: 'A restore brings back rows without their bytes',
  summary: 'A release whose bridgectl backup import leaves the folder of uploads empty',
  programs: ['bridgectl'],
  code: `
const given = process.argv.indexOf('--config')
if (process.argv.slice(2, 4).join(' ') === 'backup import' && given > 0) {
  const { dirname, join } = require('node:path')
  const uploads = join(dirname(process.argv[given + 1]), 'storage', 'uploads')
  const { readdirSync, rmSync } = require('node:fs')
  process.on('exit', () => readdirSync(uploads).forEach(name => rmSync(join(uploads, name))))
}
`,
})
