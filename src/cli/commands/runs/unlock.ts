import { defineCommand } from 'citty'
import { formatJson } from '../../../base/index.ts'
import { unlock } from '../../../operate/index.ts'
import { createPorts } from '../../ports.ts'
import { complain, paint, print } from '../../print.ts'

/** `handbook runs unlock`: clears a lock that nobody can be seen to hold. */
export const unlockRuns = defineCommand({
  meta: {
    name: 'unlock',
    description: `Clear a lock that is damaged, or whose holder is on a machine that is lost: of a page in an environment, or of a run

  handbook runs unlock disk-filling --env production --reason "ops-2 burnt down"
  handbook runs unlock 20261122-031502-k7f2 --reason "its host is gone"

Look first whether anybody changes the same. Who cleared it and why is recorded: handbook audit lists it.

Exit code: 0 it is clear; 2 wrong usage; 3 its holder runs, or it cannot be written.`,
  },
  args: {
    of: { type: 'positional', required: true, description: 'The page, or the run’s id' },
    env: { type: 'string', description: 'The environment; without it, a running lab', valueHint: 'NAME' },
    reason: { type: 'string', required: true, description: 'Why; this is recorded', valueHint: 'WHY' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    const done = await unlock({ of: args.of, environment: args.env, reason: args.reason }, createPorts())
    if (args.json) process.stdout.write(`${formatJson({ unlocked: done?.unlocked ?? null })}\n`)
    else if (!done) print('Nothing is locked there\n')
    else {
      const { holder } = done.unlocked
      const whose = holder ? `, which ${holder.user}@${holder.host} held for run ${holder.run}` : ', which was damaged'
      print(`${paint.green('✓')} The lock${whose}, is clear\n`)
    }
    if (done?.unrecorded !== undefined) complain(`${paint.yellow('!')} This is not recorded: ${done.unrecorded}\n`)
    return 0
  },
})
