import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Ledgers as a runner writes them, of which every tenth left a change and every twentieth was not seen to end. */
export function writeRuns(folder, count) {
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
