import { holdDelivery, releaseDelivery } from '../../database/upload-states.ts'
import type { ControlContext } from '../context.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { openDeployment, withDatabase } from '../deployment.ts'
import { idArgument } from '../parse-options.ts'

/** `bridgectl deliveries hold`. */
export function holdCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'deliveries hold',
    changes: true,
    description: 'Keep one upload from being delivered, for a recorded reason',
    examples: ['deliveries hold 4b1f… --reason "crashes the importer downstream"'],
    args: {
      id: { type: 'positional', required: true, description: 'The upload' },
      reason: { type: 'string', required: true, valueHint: 'text', description: 'Why; clients see it' },
    },
    async run(args, { stdout }) {
      const id = idArgument(args.id)
      if (args.reason.trim() === '') throw wrongUsage('--reason must say why')
      const configuration = await openDeployment(context, args)
      const held = await withDatabase(configuration, pool => holdDelivery(pool, id, args.reason))
      if (!held) throw failure(`upload ${id} is not waiting to be delivered`)
      stdout(args.json ? `${JSON.stringify({ id, state: 'held', reason: args.reason })}\n` : `${id} is held\n`)
    },
  })
}

/** `bridgectl deliveries release`. */
export function releaseCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'deliveries release',
    changes: true,
    description: 'Let a held upload be delivered, now',
    examples: ['deliveries release 4b1f…'],
    args: { id: { type: 'positional', required: true, description: 'The upload' } },
    async run(args, { stdout }) {
      const id = idArgument(args.id)
      const configuration = await openDeployment(context, args)
      if (!(await withDatabase(configuration, pool => releaseDelivery(pool, id))))
        throw failure(`upload ${id} is not held`)
      stdout(args.json ? `${JSON.stringify({ id, state: 'pending' })}\n` : `${id} is released, and due now\n`)
    },
  })
}
