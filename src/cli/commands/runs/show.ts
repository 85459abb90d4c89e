import { defineCommand } from 'citty'
import pc from 'picocolors'
import { createRunReporter } from '../../../report/index.ts'
import { findRun } from './find-run.ts'

/** `handbook runs show`: a run as its ledger tells it, once that is verified. */
export const show = defineCommand({
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
    const { content } = await findRun(args.run)
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
