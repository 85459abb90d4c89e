// What tests see of each room of src/, in their own process: the projects unit and process, or the tests that are named.
//
//   npm run coverage
//   npm run coverage -- test/base
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'

const KINDS = ['lines', 'branches', 'functions', 'statements']
const tests = ['--project', 'unit', '--project', 'process', '--exclude', '**/*.property.test.ts']
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--coverage', ...tests, ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
const { total, ...files } = JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8'))
const rooms = new Map()
for (const [path, counts] of Object.entries(files)) {
  const [, room = ''] = relative('.', path).split(sep)
  rooms.set(room, [...(rooms.get(room) ?? []), counts])
}
console.log(`\n${'room'.padEnd(16)}${KINDS.map(kind => kind.padStart(12)).join('')}`)
for (const [room, counts] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) print(room, counts)
print('all', [total])

function print(name, counts) {
  const shares = KINDS.map(kind => {
    const sum = key => counts.reduce((all, each) => all + each[kind][key], 0)
    return sum('total') === 0 ? '–' : `${((100 * sum('covered')) / sum('total')).toFixed(1)} %`
  })
  console.log(`${name.padEnd(16)}${shares.map(share => share.padStart(12)).join('')}`)
}
