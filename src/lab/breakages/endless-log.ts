import { defectiveRelease } from '../kit/defective-release.ts'

/** It fills the disk, one day. */
export const endlessLog = defectiveRelease({
  name: 'endless-log',
  title: 'Log files are not rotated',
  summary: 'A release of the API lets its log file grow without end',
  code: `
const fs = require('node:fs')
const { renameSync } = fs
fs.renameSync = (from, to) => (/\\.\\d+$/.test(to) ? undefined : renameSync(from, to))
`,
})
