// What is promised of speed and of strength, measured: each benchmark is a file in scripts/bench/, all of them when none is named.
// With --gate, those with goals run, and one goal that is missed ends it with exit code 1.
//
//   npm run bench
//   npm run bench -- check --pages 200
//   npm run bench -- --gate
//   npm run bench -- reading --gate
import { spawnSync } from 'node:child_process'

const BENCHMARKS = [
  'first-step',
  'check',
  'inputs',
  'build',
  'search',
  'lighthouse',
  'reading',
  'waiting',
  'live',
  'old-runs',
  'redaction',
  'signals',
  'fuzz',
  'kill',
  'lab',
  'bridge',
]

const HELP = `npm run bench -- [BENCHMARK] [--gate] [options of the benchmark]

Measures what is promised of speed and of strength: all benchmarks, or the one that is named.
Each is a file in scripts/bench/, whose first lines tell what it measures and its options.

  ${BENCHMARKS.join(', ')}

  --gate  end with exit code 1 when a goal is missed
  --json  the rows as JSON, of a benchmark that is named

Examples
  npm run bench
  npm run bench -- check --pages 200
  npm run bench -- reading --gate`

const words = process.argv.slice(2)
if (words.includes('--help')) {
  console.log(HELP)
  process.exit(0)
}
const gate = words.includes('--gate')
const [name, ...rest] = words.filter(word => word !== '--gate')
const named = name !== undefined && !name.startsWith('-')
if (named && !BENCHMARKS.includes(name)) {
  console.error(`There is no benchmark ${name}; there are ${BENCHMARKS.join(', ')}`)
  process.exit(2)
}
const options = named || name === undefined ? rest : [name, ...rest]
for (const benchmark of named ? [name] : BENCHMARKS) {
  if (!named) console.log(`\n${benchmark}`)
  const fine = gate ? holdGoals(benchmark) : run(benchmark, options, 'inherit').status === 0
  if (!fine) process.exitCode = 1
}

/** Runs a benchmark, shows its rows, and tells whether all goals were met. Work that failed has met none. */
function holdGoals(benchmark) {
  const { status, stdout } = run(benchmark, [...options, '--json'], ['ignore', 'pipe', 'inherit'])
  const rows = readRows(stdout)
  for (const { name, value, unit, goal } of rows)
    console.log(`${value <= goal ? '✓' : '✗'} ${name}: ${value} ${unit}, goal ≤ ${goal}`)
  if (rows.length === 0) console.log(`✗ ${benchmark} measured nothing`)
  if (status !== 0) console.log(`✗ ${benchmark} ended with exit code ${status}`)
  return status === 0 && rows.length > 0 && rows.every(({ value, goal }) => value <= goal)
}

/** The rows of what a benchmark printed as JSON. */
function readRows(text) {
  try {
    return JSON.parse(text.trim().split('\n').at(-1)).rows ?? []
  } catch {
    return []
  }
}

function run(benchmark, args, stdio) {
  return spawnSync(process.execPath, [`scripts/bench/${benchmark}.mjs`, ...args], { stdio, encoding: 'utf8' })
}
