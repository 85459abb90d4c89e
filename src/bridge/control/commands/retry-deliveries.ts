import { retryDeliveries } from '../../database/upload-states.ts'
import type { ControlContext } from '../context.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { openDeployment, withDatabase } from '../deployment.ts'
import { idArgument } from '../parse-options.ts'

/** `bridgectl deliveries retry`. */
export function retryCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'deliveries retry',
    changes: true,
    description: 'Make one pending delivery, or all of them, due now',
    examples: ['deliveries retry 4b1f…', 'deliveries retry --all'],
    args: {
      id: { type: 'positional', required: false, description: 'The upload' },
      all: { type: 'boolean', description: 'All pending deliveries' },
    },
    async run(args, { stdout }) {
      if ((args.id === undefined) === !args.all) throw wrongUsage('name one upload, or say --all')
      const id = args.id === undefined ? 'all' : idArgument(args.id)
      const configuration = await openDeployment(context, args)
      const due = await withDatabase(configuration, pool => retryDeliveries(pool, id))
      if (due === 0 && id !== 'all') throw failure(`upload ${id} has no pending delivery`)
      stdout(args.json ? `${JSON.stringify({ due })}\n` : `${due} deliveries are due now\n`)
    },
  })
}
