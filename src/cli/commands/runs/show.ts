import { defineCommand } from 'citty'
import pc from 'picocolors'
import { formatJson } from '../../../base/index.ts'
import {
  checkLedger,
  describeIncomplete,
  describeLedgerCheck,
  foldRun,
  isBroken,
  type RunEvent,
  type RunStore,
  readHistory,
} from '../../../journal/index.ts'
import { findRun, sayWhenSlow, WATCHING } from '../../../operate/index.ts'
import { createRunReporter } from '../../../report/index.ts'
import { createPorts } from '../../ports.ts'
import { complain, paint, print, printForeign } from '../../print.ts'
import { sayHowToResume } from '../../print-run.ts'

/** `handbook runs show`: a run from its ledger, and whether the ledger can be trusted. */
export const runsShow = defineCommand({
  meta: {
    name: 'show',
    description: `What happened in a run, from its ledger, and how far that was verified

  handbook runs show 20261122-031502-k7f2
  handbook runs show 20261122-031502-k7f2 --json | jq -r .type

Exit code: 0 unchanged, as far as anybody can tell; 1 changed, cut, made anew, or not to be read whole.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    json: { type: 'boolean', description: 'One event a line' },
  },
  async run({ args }) {
    const { store, recording } = await findRun(args.run, createPorts())
    const report = createRunReporter(print, process.stdout.columns, { clock: true, writeOutput: printForeign })
    const { unapproved } = foldRun(recording.events)
    if (!args.json)
      for (const { step, reason, by } of unapproved)
        print(pc.bold(pc.red(`BREAK GLASS: ${by.user}@${by.host} ran #${step} without an approval: ${reason}\n`)))
    for (const event of recording.events) {
      if (args.json) process.stdout.write(`${formatJson(event)}\n`)
      else report(event)
    }
    if (recording.badLine !== undefined) {
      const what = recording.torn
        ? `the ledger’s ${describeIncomplete(recording.badLine)}`
        : `line ${recording.badLine} of the ledger was changed; nothing from this line on can be trusted`
      complain(`${paint.red('✗')} ${what}\n`)
      return 1
    }
    if (!args.json && recording.newer === undefined) print(await describeOpenEnd(store, args.run, recording.events))
    const check = await checkLedger(store, recording)
    const said = `ledger ${describeLedgerCheck(check)}`
    if (isBroken(check)) {
      complain(`${paint.red('✗')} ${said}\n`)
      return 1
    }
    if (!args.json) print(pc.dim(`\n${said}; head ${recording.head.slice(0, 12)}\n`))
    return 0
  },
})

/** What a run without an end is: under way, or interrupted. */
async function describeOpenEnd(store: RunStore, run: string, events: readonly RunEvent[]): Promise<string> {
  const history = readHistory(events)
  if (!history || history.ending) return ''
  const { by, half, started } = history
  const who = `${by.user}@${by.host}, process ${by.pid}`
  const state = await sayWhenSlow(WATCHING, store.judgeRunner(run, by), createPorts().say)
  if (state === 'alive') return `\n${pc.cyan('RUNNING')} by ${who}\nStop it: handbook runs cancel ${run}\n`
  if (state === 'elsewhere') return `\nPerhaps still running: by ${who}; only that machine knows\n`
  const step = half ? `#${half.step} may be only partially done\n` : ''
  return `\n${pc.bold(pc.red('INTERRUPTED'))}: its runner is gone, ${who}\n${step}${sayHowToResume(started)}`
}
