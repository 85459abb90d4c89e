// How soon a run's first step speaks, and each further one after it, against zx with a twin page: both started as `node FILE`, in
// pairs, turn and turn about.
//
//   npm run bench -- first-step
//   npm run bench -- first-step --pairs 40 --json
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseOptions } from './parse-options.mjs'
import { writeRuns } from './write-runs.mjs'

const values = parseOptions({
  pairs: { type: 'string', default: '20' },
  bundles: { type: 'string', default: 'dist' },
  json: { type: 'boolean', default: false },
})
const pairs = Number(values.pairs)
if (!Number.isInteger(pairs) || pairs < 1) throw new Error(`--pairs ${values.pairs} is not a number of pairs`)
const handbook = resolve(values.bundles, 'handbook.cjs')
const zx = resolve('node_modules/zx/build/cli.js')

/** Steps of the page on which each further one is timed. */
const FURTHER = 20

/** What a step does, and how much longer than zx's it may take. The mark is computed, so that no echo of the code has it. */
const cases = [
  { name: 'bash', goal: 0.8, language: 'bash', twin: 'bash', code: 'echo $((6 * 7))-mark' },
  { name: 'ts', goal: 1.05, language: 'ts', twin: 'js', code: "console.log(6 * 7 + '-mark')" },
  { name: 'ts, with a command', goal: 1.2, language: 'ts', twin: 'js', code: 'await $`echo $((6 * 7))-mark`' },
  {
    name: 'bash, with 10,000 old runs',
    goal: 0.8,
    language: 'bash',
    twin: 'bash',
    code: 'echo $((6 * 7))-mark',
    oldRuns: 10_000,
  },
  {
    name: 'a further bash step',
    goal: 1.2,
    language: 'bash',
    twin: 'bash',
    code: 'echo $((6 * 7))-mark',
    steps: FURTHER,
  },
]

const folder = await mkdtemp(join(tmpdir(), 'handbook-bench-'))
try {
  const results = []
  for (const one of cases) results.push(await measure(one))
  const rows = results.map(({ name, ratio, goal }) => ({ name, value: ratio, unit: '× zx', goal }))
  if (values.json) console.log(JSON.stringify({ pairs, results, rows }))
  else print(results)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function measure({ name, goal, language, twin, code, steps = 1, oldRuns = 0 }) {
  const cwd = join(folder, name.replace(/\W+/g, '-'))
  await mkdir(cwd)
  const write = (level, word) =>
    Array.from({ length: steps }, (_, index) => `${level} Step ${index}\n\n\`\`\`${word}\n${code}\n\`\`\`\n`).join('\n')
  await writeFile(join(cwd, 'page.md'), `---\ntitle: Bench\n---\n\n## Diagnose\n\n${write('###', language)}`)
  await writeFile(join(cwd, 'twin.md'), `# Bench\n\n${write('##', twin)}`)
  writeRuns(join(cwd, 'handbook/runs'), oldRuns)
  const commands = { ours: [handbook, 'run', 'page.md', '--auto'], zx: [zx, '--verbose', 'twin.md'] }
  const times = { ours: [], zx: [] }
  for (let pair = -1; pair < pairs; pair++) {
    for (const who of pair % 2 === 0 ? ['ours', 'zx'] : ['zx', 'ours']) {
      const time = await timeSteps(commands[who], cwd, steps)
      // The first pair only warms the caches.
      if (pair >= 0) times[who].push(time)
    }
  }
  const ratio = median(times.ours.map((time, index) => time / times.zx[index]))
  return {
    name,
    ours: round(median(times.ours)),
    zx: round(median(times.zx)),
    load: Math.round(loadavg()[0] * 10) / 10,
    ratio: Math.round(ratio * 100) / 100,
    goal,
  }
}

/** Milliseconds from the start until the step's own output is seen; of many steps, from the first one's to the last one's, for each. */
function timeSteps(args, cwd, steps) {
  return new Promise((done, fail) => {
    const begun = performance.now()
    // Extra certificates would slow the start of every node by as much as all that is measured here.
    const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...inherited } = process.env
    const env = { ...inherited, XDG_STATE_HOME: cwd }
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    const times = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', bytes => {
        said += bytes
        const seen = said.split('42-mark').length - 1
        while (times.length < seen) times.push(performance.now() - begun)
      })
    }
    child.on('close', () => {
      if (times.length !== steps) fail(new Error(`${args.join(' ')} said: ${said}`))
      else done(steps === 1 ? times[0] : (times[steps - 1] - times[0]) / (steps - 1))
    })
  })
}

function print(results) {
  const rows = [
    ['first step', 'handbook', 'zx', 'ratio', 'goal', 'load'],
    ...results.map(({ name, ours, zx, ratio, goal, load }) => [
      name,
      `${ours} ms`,
      `${zx} ms`,
      ratio.toFixed(2),
      `≤ ${goal}`,
      String(load),
    ]),
  ]
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  for (const row of rows)
    console.log(
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('   '),
    )
  console.log(`\nmedians of ${pairs} pairs; the ratio is the median of each pair's`)
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function round(number) {
  return number < 20 ? Math.round(number * 10) / 10 : Math.round(number)
}
