// What is promised of speed and of strength, measured: each benchmark is a file in scripts/bench/, all of them when none is named.
//
//   npm run bench
//   npm run bench -- check --pages 200
import { spawnSync } from 'node:child_process'

const BENCHMARKS = ['first-step', 'check', 'build', 'fuzz', 'kill']

const [name, ...rest] = process.argv.slice(2)
const named = name !== undefined && !name.startsWith('-')
if (named && !BENCHMARKS.includes(name)) {
  console.error(`There is no benchmark ${name}; there are ${BENCHMARKS.join(', ')}`)
  process.exit(2)
}
for (const benchmark of named ? [name] : BENCHMARKS) {
  if (!named) console.log(`\n${benchmark}`)
  const options = named ? rest : process.argv.slice(2)
  const { status } = spawnSync(process.execPath, [`scripts/bench/${benchmark}.mjs`, ...options], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
