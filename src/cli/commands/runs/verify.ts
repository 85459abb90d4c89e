import { defineCommand } from 'citty'
import pc from 'picocolors'
import { formatJson } from '../../../base/index.ts'
import { describeVerified, isVerified, verifyRuns } from '../../../operate/index.ts'
import { createPorts } from '../../ports.ts'
import { complain, print } from '../../print.ts'

/** `handbook runs verify`: whether the ledger of a run can be trusted. */
export const verify = defineCommand({
  meta: {
    name: 'verify',
    description: `Verify the ledger of a run, or of every run: line by line, and against the heads that later
runs, a proof, an export or a colleague have of it

  handbook runs verify
  handbook runs verify 20261122-031502-k7f2
  handbook runs verify 20261122-031502-k7f2 --against static/proofs/disk-filling--disk-filling.json
  handbook runs verify 20261122-031502-k7f2 --head 907083d56ff2
  handbook runs verify --heads /mnt/log-store/handbook-heads.ndjson

“Consistent, not anchored” says that the chain holds, and that nobody has a head of it: whoever can
write the ledger can have made all of it anew. Keep the heads of runs elsewhere, as an export or
handbook audit heads does.

Exit code: 0 as it was, as far as anybody can tell; 1 changed, cut, made anew, or not to be read; 2 wrong usage.`,
  },
  args: {
    run: { type: 'positional', required: false, description: 'The run’s id; without it, every run' },
    head: { type: 'string', description: 'The head of its ledger, as somebody kept it', valueHint: 'HASH' },
    against: { type: 'string', description: 'An export of the run, or a proof that it made', valueHint: 'FILE' },
    heads: { type: 'string', description: 'What handbook audit heads gave to a log store', valueHint: 'FILE' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    const { head, against, heads } = args
    const { runs, unreadable } = await verifyRuns({ run: args.run, head, against, heads }, createPorts())
    if (args.json) process.stdout.write(`${formatJson({ runs, unreadable })}\n`)
    else {
      for (const one of runs) {
        const sign = !isVerified(one)
          ? pc.red('✗')
          : ['anchored', 'pruned'].includes(one.check.state)
            ? pc.green('✓')
            : pc.yellow('?')
        print(`${sign} ${one.run}: ${describeVerified(one)}\n`)
      }
      if (runs.length === 0) complain('Nothing was run here yet: nothing was verified\n')
    }
    return runs.every(isVerified) ? 0 : 1
  },
})
