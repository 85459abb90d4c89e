import { defineCommand } from 'citty'
import pc from 'picocolors'
import { countOf, formatJson } from '../../../base/index.ts'
import { pruneRecordedRuns } from '../../../operate/index.ts'
import { createPorts } from '../../ports.ts'
import { complain, print } from '../../print.ts'

/** `handbook runs prune`: removes old runs, and keeps one line of each. */
export const prune = defineCommand({
  meta: {
    name: 'prune',
    description: `Remove old runs with all that they kept, and leave a tombstone of each: its page, its outcome, the hash of its ledger

  handbook runs prune --older-than 30d --dry-run
  handbook runs prune --older-than 30d
  handbook runs prune --older-than 90d --json | jq '.pruned | length'

A run that was not seen to end, left unreverted changes, waits for a review, or has a changed ledger stays, however old it is.`,
  },
  args: {
    'older-than': { type: 'string', description: 'Only runs that ended at least so long ago', valueHint: 'DURATION' },
    'dry-run': { type: 'boolean', description: 'Print which runs would go, and remove nothing' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    const dryRun = args['dry-run'] === true
    const { pruned, kept } = await pruneRecordedRuns({ olderThan: args['older-than'], dryRun }, createPorts())
    if (args.json) {
      process.stdout.write(`${formatJson({ dryRun, pruned, kept })}\n`)
      return 0
    }
    for (const { run, procedure, outcome } of pruned) print(`${run}  ${procedure}  ${outcome}\n`)
    for (const { run, procedure, reason } of kept) print(`${pc.yellow(run)}  ${procedure}  stays: ${reason}\n`)
    const verb = dryRun ? 'would go' : 'went'
    complain(
      `${countOf(pruned.length, 'run')} ${verb}, ${kept.length} as old ${kept.length === 1 ? 'stays' : 'stay'}\n`,
    )
    return 0
  },
})
