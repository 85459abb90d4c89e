// How long `handbook prove --inputs` takes for all pages of this handbook, which is part of `npm test`.
//
//   npm run bench -- inputs
//   npm run bench -- inputs --json
import { spawnSync } from 'node:child_process'
import { parseOptions } from './parse-options.mjs'
import { printRows } from './print-rows.mjs'

const { json } = parseOptions({ json: { type: 'boolean', default: false } })
const begun = performance.now()
const { status, stdout } = spawnSync(process.execPath, ['dist/handbook.cjs', 'prove', '--inputs', '--json'], {
  encoding: 'utf8',
})
const seconds = Math.round((performance.now() - begun) / 100) / 10
if (status !== 0 || JSON.parse(stdout).found.length > 0 || JSON.parse(stdout).notTried > 0) {
  console.error(`handbook prove --inputs ended with ${status}, or did not try every step`)
  process.exit(1)
}
printRows([{ name: 'every step of every page is tried without its inputs', value: seconds, unit: 's', goal: 60 }], json)
