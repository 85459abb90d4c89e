import { defectiveRelease } from '../kit/defective-release.ts'

/** A monitoring agent could not read the file. */
export const keysForEverybody = defectiveRelease({
  name: 'keys-for-everybody',
  title: 'The file of the keys can be read by others than its owner',
  summary: 'A release of bridgectl writes the keys into a file that its group can read as well',
  programs: ['bridgectl'],
  code: `
const files = require('node:fs/promises')
const { open } = files
files.open = (path, flags, mode) => open(path, flags, String(path).includes('keys.json') ? 0o640 : mode)
const fs = require('node:fs')
const { fchmodSync } = fs
fs.fchmodSync = (file, mode) => fchmodSync(file, mode | 0o040)
`,
})
