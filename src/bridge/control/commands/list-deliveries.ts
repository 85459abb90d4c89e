import { formatByteSize, formatDuration } from '../../configuration/units.ts'
import { type Delivery, type DeliveryState, listDeliveries } from '../../database/uploads.ts'
import type { ControlContext } from '../context.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { openDeployment, withDatabase } from '../deployment.ts'
import { limitOption } from '../parse-options.ts'
import { type Column, renderList } from '../table.ts'

/** `bridgectl deliveries list`. */
export function listDeliveriesCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'deliveries list',
    description: 'List deliveries that are pending or held, the longest waiting first',
    examples: ['deliveries list', 'deliveries list --held', 'deliveries list --pending --json | jq length'],
    args: {
      pending: { type: 'boolean', description: 'Only pending ones' },
      held: { type: 'boolean', description: 'Only held ones' },
      limit: { type: 'string', valueHint: 'n', description: 'At most this many' },
    },
    async run(args, { stdout, now, columns }) {
      const configuration = await openDeployment(context, args)
      const limit = limitOption(args.limit)
      const states = chosenStates(args.pending, args.held)
      const deliveries = await withDatabase(configuration, pool => listDeliveries(pool, states, limit))
      stdout(renderList(deliveries, table(now()), { json: args.json, width: columns }))
    },
  })
}

function chosenStates(pending: boolean | undefined, held: boolean | undefined): readonly DeliveryState[] {
  if (pending === held) return ['pending', 'held']
  return pending ? ['pending'] : ['held']
}

function table(now: Date): readonly Column<Delivery>[] {
  const since = (date: Date) => formatDuration(now.getTime() - date.getTime())
  return [
    { title: 'ID', value: delivery => delivery.id },
    { title: 'STATE', value: delivery => (delivery.underWay ? 'sending' : delivery.state) },
    { title: 'SIZE', value: delivery => formatByteSize(delivery.size), alignRight: true },
    { title: 'WAITS', value: delivery => since(delivery.acknowledgedAt), alignRight: true },
    { title: 'TRIES', value: delivery => `${delivery.attempts}`, alignRight: true },
    { title: 'WHY', value: delivery => delivery.reason ?? delivery.lastError ?? '', flexible: true },
  ]
}
