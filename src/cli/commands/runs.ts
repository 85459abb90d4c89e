import { join } from 'node:path'
import { defineCommand } from 'citty'
import pc from 'picocolors'
import { findHandbookRoot, formatDuration } from '../../base/index.ts'
import { createRunReporter } from '../../report/index.ts'
import { listRuns, type RecordedRun, readLedger } from '../../runner/index.ts'
import { findRunsFolder } from '../paths.ts'
import { UsageError } from '../usage-error.ts'

const listCommand = defineCommand({
  meta: {
    name: 'list',
    description: `What was run here, newest first

  handbook runs list
  handbook runs list --json | jq -r '.runs[0].outcome'`,
  },
  args: { json: { type: 'boolean', description: 'Data for scripts' } },
  async run({ args }) {
    const { runs, unreadable } = await listRuns(await findRuns())
    for (const name of unreadable) process.stderr.write(`${pc.yellow('!')} ${name} has no ledger that can be read\n`)
    if (args.json) {
      process.stdout.write(`${JSON.stringify({ runs: runs.map(summarize) })}\n`)
      return 0
    }
    for (const run of runs) {
      const took = run.finished ? formatDuration(Date.parse(run.finished) - Date.parse(run.started)) : ''
      const outcome = outcomeOf(run)
      process.stdout.write(
        `${run.id}  ${paint(outcome)(outcome.padEnd(12))} ${run.procedure.padEnd(24)} ${run.environment.padEnd(10)} ${pc.dim(took)}\n`,
      )
    }
    if (runs.length === 0) process.stderr.write('Nothing was run here yet\n')
    return 0
  },
})

const showCommand = defineCommand({
  meta: {
    name: 'show',
    description: `What happened in a run, from its ledger, after verifying that nobody changed it

  handbook runs show 20261122-031502-k7f2
  handbook runs show 20261122-031502-k7f2 --json | jq -r .type

Exit code: 0 unchanged, 1 changed: the first bad line is named.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    json: { type: 'boolean', description: 'One event a line' },
  },
  async run({ args }) {
    const folder = join(await findRuns(), args.run)
    const content = await readLedger(folder).catch(() => undefined)
    if (!content) throw new UsageError(`There is no run ${args.run}`, 'See handbook runs list')
    const write = (text: string) => void process.stdout.write(text)
    const report = createRunReporter(write)
    for (const event of content.events) {
      if (args.json) write(`${JSON.stringify(event)}\n`)
      else report(event)
    }
    if (content.badLine !== undefined) {
      process.stderr.write(
        `${pc.red('✗')} line ${content.badLine} of the ledger is not what was written; nothing from there on can be trusted\n`,
      )
      return 1
    }
    if (!args.json) write(pc.dim(`\nledger verified, ${content.events.length} events, ${content.head.slice(0, 12)}\n`))
    return 0
  },
})

/** `handbook runs`: what was run before. */
export const runs = defineCommand({
  meta: {
    name: 'runs',
    description: `What was run before.

  handbook runs list
  handbook runs show 20261122-031502-k7f2`,
  },
  subCommands: { list: listCommand, show: showCommand },
})

async function findRuns(): Promise<string> {
  return findRunsFolder(await findHandbookRoot(process.cwd()), process.env)
}

function outcomeOf(run: RecordedRun): string {
  return run.outcome ?? 'running'
}

function summarize(run: RecordedRun): object {
  const { id, procedure, environment, started, finished } = run
  return { id, procedure, environment, outcome: outcomeOf(run), started, ...(finished ? { finished } : {}) }
}

function paint(outcome: string): (text: string) => string {
  if (['healed', 'passed', 'ruled-out'].includes(outcome)) return pc.green
  return outcome === 'running' ? pc.cyan : pc.red
}
