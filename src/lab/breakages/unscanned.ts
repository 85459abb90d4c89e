import { defectiveRelease } from '../kit/defective-release.ts'

/** A scan that never finds anything. */
export const unscanned = defectiveRelease({
  name: 'unscanned',
  title: 'Malware is not recognised',
  summary: 'A release reads zeros where it looks for the EICAR test file, and finds nothing',
  code: `
const files = require('node:fs/promises')
const { open } = files
files.open = async (...args) => {
  const file = await open(...args)
  const read = file.read.bind(file)
  file.read = (buffer, offset, length, at) =>
    length === 68 ? Promise.resolve({ buffer: Buffer.alloc(68), bytesRead: 68 }) : read(buffer, offset, length, at)
  return file
}
`,
})
