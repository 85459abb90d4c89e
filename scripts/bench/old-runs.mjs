// What ten thousand old runs in the store cost: the list of runs, a new run, and the index of what they left changed.
//
//   npm run bench -- old-runs
//   npm run bench -- old-runs --runs 2000 --json
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { printRows } from './print-rows.mjs'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    bundles: { type: 'string', default: 'dist' },
    json: { type: 'boolean', default: false },
  },
})
const handbook = resolve(values.bundles, 'handbook.cjs')
const root = mkdtempSync(join(tmpdir(), 'handbook-old-runs-'))
try {
  const page = join(root, 'page.md')
  writeFileSync(page, '## Procedure\n\n### one\n\n```bash risk=read\ntrue\n```\n')
  const empty = measure(['run', page, '--auto'])
  writeRuns(join(root, 'state/handbook/runs'), Number(values.runs))
  const rows = [
    { name: `the newest 20 of ${values.runs} runs`, value: measure(['runs', 'list']), unit: 'ms', goal: 300 },
    {
      name: `a run of one step with ${values.runs} old ones, beyond one without`,
      value: Math.max(0, measure(['run', page, '--auto']) - empty),
      unit: 'ms',
      goal: 100,
    },
  ]
  printRows(rows, values.json)
} finally {
  rmSync(root, { recursive: true, force: true })
}

/** The median of five, in milliseconds. */
function measure(args) {
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now()
    const { status, stderr } = spawnSync(process.execPath, [handbook, ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: root, XDG_STATE_HOME: join(root, 'state') },
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${args.join(' ')} ended with exit code ${status}: ${stderr}`)
    return performance.now() - begun
  })
  return Math.round(times.toSorted((a, b) => a - b)[2])
}

/** Ledgers as a runner writes them, of which every tenth left a change and every twentieth was not seen to end. */
function writeRuns(folder, count) {
  for (let index = 0; index < count; index++) {
    const at = new Date(Date.UTC(2024, 0, 1) + index * 3_600_000)
    const [day, time] = at.toISOString().split('T')
    const run = `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${String(index).padStart(5, 'a')}`
    const by = { user: 'anna', host: 'elsewhere', pid: 1 }
    const step = { step: 'one', title: 'One', phase: 'mitigate', risk: 'change' }
    const started = { procedure: 'page', path: 'page.md', title: 'Page', environment: 'here', target: {}, params: {} }
    const standing = index % 10 === 0 ? [{ step: 'one' }] : []
    const facts = [
      { type: 'run.started', ...started, contentHash: '', by, mode: 'auto', steps: [{ ...step, id: 'one' }] },
      { type: 'step.started', ...step, attempt: 1, blockHash: '' },
      { type: 'step.output', step: 'one', stream: 'stdout', text: 'x'.repeat(500) },
      { type: 'step.finished', step: 'one', status: 'passed', seconds: 1 },
      { type: 'run.finished', outcome: 'healed', seconds: 1, standing, rollBack: [] },
    ]
    let chain = ''
    const lines = facts.slice(0, index % 20 === 7 ? 3 : undefined).map((fact, number) => {
      const line = JSON.stringify({ seq: number + 1, time: at.toISOString(), run, ...fact })
      chain = createHash('sha256').update(chain).update(line).digest('hex')
      return `${line.slice(0, -1)},"chain":"${chain}"}\n`
    })
    mkdirSync(join(folder, run), { recursive: true })
    writeFileSync(join(folder, run, 'ledger.ndjson'), lines.join(''))
  }
}
