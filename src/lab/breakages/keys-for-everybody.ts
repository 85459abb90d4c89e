import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { defectiveRelease } from '../defective-release.ts'
import type { Fault } from '../fault.ts'

const release = defectiveRelease({
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

/** A monitoring agent could not read the file. */
export const keysForEverybody: Fault = {
  ...release,
  async stop(deployment) {
    await release.stop(deployment)
    // A sound bridgectl keeps the mode that it finds.
    const { state } = parse(await readFile(deployment.configPath, 'utf8'))
    await chmod(join(state.path, 'keys.json'), 0o600)
  },
}
