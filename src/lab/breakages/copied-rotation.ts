import { defectiveRelease } from '../kit/defective-release.ts'

/** What `copytruncate` does: lines written between the copy and the emptying are lost to whoever follows the file. */
export const copiedRotation = defectiveRelease({
  name: 'copied-rotation',
  title: 'Rotation copies the log file and empties it',
  summary: 'A release of the API copies its full log file instead of moving it aside',
  code: `
const fs = require('node:fs')
const { renameSync } = fs
fs.renameSync = (from, to) => {
  if (!/\\.\\d+$/.test(to)) return renameSync(from, to)
  fs.copyFileSync(from, to)
  fs.truncateSync(from)
}
`,
})
