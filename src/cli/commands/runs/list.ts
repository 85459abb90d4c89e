import { defineCommand } from 'citty'
import pc from 'picocolors'
import { formatDuration } from '../../../base/index.ts'
import type { RecordedRun } from '../../../journal/index.ts'
import { findStoreAround, sayWhenSlow, WATCHING } from '../../../operate/index.ts'
import { createPorts } from '../../ports.ts'

/** `handbook runs list`: every run kept here, newest first. */
export const list = defineCommand({
  meta: {
    name: 'list',
    description: `What was run here, newest first

  handbook runs list
  handbook runs list --json | jq -r '.runs[0].outcome'`,
  },
  args: { json: { type: 'boolean', description: 'Data for scripts' } },
  async run({ args }) {
    const ports = createPorts()
    const { runs, unreadable } = await sayWhenSlow(WATCHING, (await findStoreAround(ports)).list(), ports.say)
    for (const name of unreadable) process.stderr.write(`${pc.yellow('!')} ${name} has no ledger that can be read\n`)
    if (args.json) {
      process.stdout.write(`${JSON.stringify({ runs: runs.map(summarize) })}\n`)
      return 0
    }
    for (const run of runs) {
      const back = run.clockSetBack ? ', clock set back' : ''
      const took = run.took === undefined ? '' : `${formatDuration(run.took * 1000)}${back}`
      const outcome = outcomeOf(run)
      const flag = run.unapproved.length > 0 ? pc.bold(pc.red('  BREAK GLASS')) : ''
      process.stdout.write(
        `${run.id}  ${paint(outcome)(outcome.padEnd(12))} ${run.procedure.padEnd(24)} ${run.environment.padEnd(10)} ${pc.dim(took)}${flag}\n`,
      )
    }
    if (runs.length === 0) process.stderr.write('Nothing was run here yet\n')
    return 0
  },
})

function outcomeOf(run: RecordedRun): string {
  return run.outcome ?? 'running'
}

function summarize(run: RecordedRun): object {
  const { id, procedure, environment, started, finished } = run
  const breakGlass = run.unapproved.map(({ step, reason }) => ({ step, reason }))
  return {
    id,
    procedure,
    environment,
    outcome: outcomeOf(run),
    started,
    ...(finished ? { finished } : {}),
    ...(breakGlass.length > 0 ? { breakGlass } : {}),
  }
}

function paint(outcome: string): (text: string) => string {
  if (['healed', 'passed', 'ruled-out'].includes(outcome)) return pc.green
  return outcome === 'running' ? pc.cyan : pc.red
}
