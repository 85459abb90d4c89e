// What ten thousand old runs in the store cost: the list of runs, a new run, and the index of what they left changed.
//
//   npm run bench -- old-runs
//   npm run bench -- old-runs --runs 2000 --json
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseOptions } from './parse-options.mjs'
import { printRows } from './print-rows.mjs'
import { writeRuns } from './write-runs.mjs'

const values = parseOptions({
  runs: { type: 'string', default: '10000' },
  bundles: { type: 'string', default: 'dist' },
  json: { type: 'boolean', default: false },
})
const handbook = resolve(values.bundles, 'handbook.cjs')
const root = mkdtempSync(join(tmpdir(), 'handbook-old-runs-'))
try {
  const page = join(root, 'page.md')
  writeFileSync(page, '## Procedure\n\n### one\n\n```bash risk=read\ntrue\n```\n')
  const runs = join(root, 'state/handbook/runs')
  const empty = measure(['run', page, '--auto'])
  writeRuns(runs, Number(values.runs))
  const full = measure(['run', page, '--auto'])
  const listed = measure(['runs', 'list'])
  const rows = [
    { name: `the newest 20 of ${values.runs} runs`, value: listed, unit: 'ms', goal: 300 },
    // A list of files reads as many names, and nothing that is in them.
    { name: 'the same beside ls -l of their folder', value: ratio(listed, measureLs(runs)), unit: '× ls', goal: 3 },
    {
      // Its first step does not wait for them: npm run bench -- first-step. In the end it tells what they left unreverted.
      name: `a whole run of one step takes longer with ${values.runs} old ones`,
      value: full - empty,
      unit: 'ms',
      goal: 150,
    },
  ]
  printRows(rows, values.json)
} finally {
  rmSync(root, { recursive: true, force: true })
}

function measure(args) {
  return time(process.execPath, [handbook, ...args])
}

function measureLs(folder) {
  return time('ls', ['-l', folder])
}

/** The median of five, in milliseconds. */
function time(program, args) {
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now()
    const { status, stderr } = spawnSync(program, args, {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: root, XDG_STATE_HOME: join(root, 'state') },
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    })
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with exit code ${status}: ${stderr}`)
    return performance.now() - begun
  })
  return Math.round(times.toSorted((a, b) => a - b)[2])
}

function ratio(one, other) {
  return Math.round((one / other) * 100) / 100
}
