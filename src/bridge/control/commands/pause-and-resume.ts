import { pauseDeliveries, resumeDeliveries } from '../../database/circuit.ts'
import type { ControlContext } from '../context.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { openDeployment, withDatabase } from '../deployment.ts'

/** `bridgectl deliveries pause`. */
export function pauseCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'deliveries pause',
    changes: true,
    description: 'Begin no more delivery attempts, everywhere; uploads go on and wait',
    examples: ['deliveries pause --reason "downstream asked us to"'],
    args: { reason: { type: 'string', valueHint: 'text', description: 'Why, for whoever looks next' } },
    async run(args, { stdout }) {
      const configuration = await openDeployment(context, args)
      const circuit = await withDatabase(configuration, pool => pauseDeliveries(pool, args.reason || undefined))
      stdout(
        args.json ? `${JSON.stringify(circuit)}\n` : `deliveries are paused since ${circuit.since.toISOString()}\n`,
      )
    },
  })
}

/** `bridgectl deliveries resume`. */
export function resumeCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'deliveries resume',
    changes: true,
    description: 'Attempt deliveries again; every waiting one is due now',
    examples: ['deliveries resume'],
    args: {},
    async run(args, { stdout }) {
      const configuration = await openDeployment(context, args)
      const due = await withDatabase(configuration, resumeDeliveries)
      stdout(args.json ? `${JSON.stringify({ paused: false, due })}\n` : `deliveries run; ${due} are due now\n`)
    },
  })
}
