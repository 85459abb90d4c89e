// What tests see of each room of src/: all projects, or the tests that are named. What runs in their own process counts, and so does what
// runs in the programs that they start, which are built readably for it, and what a browser runs of the site.
//
//   npm run coverage
//   npm run coverage -- test/base
//   npm run coverage -- --room base     what the room's own tests see of it; it must reach the goals
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { addUpPages, watchPrograms } from './coverage-of-programs.mjs'

/** What every room must reach, in percent. */
const GOALS = { lines: 85, branches: 80 }
const FILES_NAMED = 5

const asked = process.argv.slice(2)
const room = asked[0] === '--room' ? asked[1] : undefined
const words = room === undefined ? asked : [`test/${room}/`]
const folder = mkdtempSync(join(tmpdir(), 'handbook-coverage-'))
const programs = join(folder, 'programs')
const pages = join(folder, 'pages')
for (const name of [programs, pages]) mkdirSync(name)
try {
  build('--readable')
  const watch = watchPrograms(programs)
  const own = await runTests()
  report(addUp([own, ...(await watch.stop()), ...(await addUpPages(pages))]))
} finally {
  rmSync(folder, { recursive: true, force: true })
  build()
}

function build(...options) {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', ...options], { stdio: 'inherit' })
  if (status !== 0) throw new Error('The programs cannot be built')
}

/** Runs the tests, and gives what they cover in their own process. */
async function runTests() {
  const tests = ['--exclude', '**/*.property.test.ts']
  const options = ['--coverage', '--coverage.reportOnFailure', `--coverage.reportsDirectory=${join(folder, 'own')}`]
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...options, ...tests, ...words], {
    stdio: 'inherit',
    env: { ...process.env, COVERAGE_OF_PROGRAMS: programs, COVERAGE_OF_PAGES: pages },
  })
  const [status] = await once(child, 'close')
  if (status !== 0) process.exitCode = 1
  return JSON.parse(readFileSync(join(folder, 'own', 'coverage-final.json'), 'utf8'))
}

/**
 * How often each line and each branch of each file was run. Vitest and esbuild do not place all statements alike: what counts is their
 * lines, and the order of branches on a line. A file that only one of both ran is taken from that one.
 */
function addUp(maps) {
  const files = new Map()
  for (const path of new Set(maps.flatMap(map => Object.keys(map)))) {
    const all = maps.flatMap(map => map[path] ?? [])
    const ran = all.filter(({ s }) => Object.values(s).some(count => count > 0))
    const lines = new Map()
    const branches = new Map()
    for (const { statementMap, s, branchMap, b } of ran.length > 0 ? ran : all.slice(0, 1)) {
      for (const [id, { start }] of Object.entries(statementMap)) add(lines, start.line, s[id])
      const seen = new Map()
      for (const [id, { type, loc }] of Object.entries(branchMap)) {
        const place = `${type} ${loc.start.line}`
        seen.set(place, (seen.get(place) ?? 0) + 1)
        for (const [path, count] of b[id].entries()) add(branches, `${place} ${seen.get(place)} ${path}`, count)
      }
    }
    files.set(relative('src', path), { lines, branches })
  }
  return files
}

function add(counts, key, count) {
  counts.set(key, Math.max(counts.get(key) ?? 0, count))
}

function report(files) {
  const rooms = new Map([...groupByRoom(files)].filter(([name]) => room === undefined || name === room))
  if (rooms.size === 0) throw new Error(`There is no room src/${room}`)
  console.log(
    `\n${'room'.padEnd(16)}${Object.keys(GOALS)
      .map(kind => kind.padStart(12))
      .join('')}`,
  )
  for (const [name, own] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) print(name, own)
  print('all', [...rooms.values()].flat(), false)
}

function groupByRoom(files) {
  const rooms = new Map()
  for (const [path, counts] of files) rooms.set(roomOf(path), [...(rooms.get(roomOf(path)) ?? []), [path, counts]])
  return rooms
}

function roomOf(path) {
  return path.split(sep)[0]
}

/** A room's shares, and below a goal the files in which most is left. Only a run of all tests, or of a room's own, can miss a goal. */
function print(name, files, mayFail = true) {
  const shares = Object.keys(GOALS).map(kind => shareOf(files.map(([, counts]) => counts[kind])))
  console.log(`${name.padEnd(16)}${shares.map(share => `${share.toFixed(1)} %`.padStart(12)).join('')}`)
  for (const [index, [kind, goal]] of Object.entries(GOALS).entries()) {
    if (shares[index] >= goal || !mayFail || (words.length > 0 && room === undefined)) continue
    process.exitCode = 1
    const left = files
      .map(([path, counts]) => ({ path, count: [...counts[kind].values()].filter(count => count === 0).length }))
      .sort((a, b) => b.count - a.count)
      .slice(0, FILES_NAMED)
    console.log(
      `  ✗ ${goal} % of ${kind} are wanted; not run: ${left.map(({ path, count }) => `${path} ${count}`).join(', ')}`,
    )
  }
}

function shareOf(maps) {
  const counts = maps.flatMap(map => [...map.values()])
  return counts.length === 0 ? 100 : (100 * counts.filter(count => count > 0).length) / counts.length
}
