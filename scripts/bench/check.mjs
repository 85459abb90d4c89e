// How long `handbook check` takes for many runbooks, without ShellCheck: with nothing remembered, with everything remembered, and after
// one page changed under --watch; beside it, remark doing nothing but read the same pages.
//
//   npm run bench -- check
//   npm run bench -- check --pages 200 --rounds 5 --json
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { remark } from 'remark'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import { makeRunbooks, writeRunbook } from './make-runbooks.mjs'
import { parseOptions } from './parse-options.mjs'

const values = parseOptions({
  pages: { type: 'string', default: '1000' },
  rounds: { type: 'string', default: '3' },
  json: { type: 'boolean', default: false },
})
const pages = Number(values.pages)
const rounds = Number(values.rounds)
const handbook = resolve('dist/handbook.cjs')
const cwd = await mkdtemp(join(tmpdir(), 'handbook-bench-'))
try {
  await makeRunbooks(cwd, pages)
  const times = { remark: [], cold: [], warm: [], watch: [] }
  for (let round = 0; round < rounds; round++) {
    times.remark.push(await time(readWithRemark))
    times.cold.push(await time(() => check('--no-cache')))
  }
  await check()
  for (let round = 0; round < rounds; round++) times.warm.push(await time(() => check()))
  times.watch = await watch()
  report(times)
} finally {
  await rm(cwd, { recursive: true, force: true })
}

async function time(work) {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

async function readWithRemark() {
  const reader = remark().use(remarkFrontmatter, ['yaml']).use(remarkGfm)
  for (const name of await readdir(join(cwd, 'runbooks')))
    reader.parse(await readFile(join(cwd, 'runbooks', name), 'utf8'))
}

function check(...options) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [handbook, 'check', '--json', '--no-shellcheck', ...options], {
      cwd,
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    child.on('close', code => (code === 0 ? done() : fail(new Error(`handbook check ended with ${code}`))))
  })
}

/** From the moment a page was written until its problem is on the screen. */
async function watch() {
  const child = spawn(process.execPath, [handbook, 'check', '--watch', '--no-shellcheck'], { cwd })
  let seen = ''
  let heard = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      seen += chunk
      heard()
    })
  }
  const until = async text => {
    while (!seen.includes(text)) await new Promise(resolve => (heard = resolve))
  }
  const times = []
  await until('waiting for changes')
  for (let round = 0; round <= rounds; round++) {
    seen = ''
    const begun = performance.now()
    await writeFile(join(cwd, 'runbooks/runbook-0.md'), writeRunbook(0).replace('params.limit', `params.limit${round}`))
    await until(`params.limit${round}`)
    // The first time also starts the compiler.
    if (round > 0) times.push(performance.now() - begun)
    await until('waiting for changes')
  }
  child.kill('SIGINT')
  return times
}

function report(times) {
  const remarkTime = median(times.remark)
  const results = [
    { name: 'nothing remembered', time: median(times.cold), goal: 5000 },
    { name: 'everything remembered', time: median(times.warm), goal: 2000 },
    { name: 'one page changed, --watch', time: median(times.watch), goal: 300 },
  ].map(result => ({
    ...result,
    time: Math.round(result.time),
    ratio: Math.round((result.time / remarkTime) * 100) / 100,
  }))
  if (values.json) {
    const rows = results.map(({ name, time, goal }) => ({ name, value: time, unit: 'ms', goal }))
    console.log(JSON.stringify({ pages, rounds, remark: Math.round(remarkTime), results, rows }))
    return
  }
  console.log(`${pages} pages; remark takes ${Math.round(remarkTime)} ms to read them`)
  for (const { name, time, ratio, goal } of results) {
    console.log(
      `${name.padEnd(28)} ${String(time).padStart(6)} ms   ${ratio.toFixed(2).padStart(5)} × remark   goal ≤ ${goal} ms`,
    )
  }
  console.log(`medians of ${rounds} rounds`)
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
