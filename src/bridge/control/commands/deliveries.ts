import { formatByteSize, formatDuration } from '../../configuration/value-types.ts'
import { pauseDeliveries, resumeDeliveries } from '../../database/queue.ts'
import { holdDelivery, releaseDelivery, retryDeliveries } from '../../database/upload-states.ts'
import { type Delivery, type DeliveryState, listDeliveries } from '../../database/uploads.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand, idArgument, limitOption } from '../define-control-command.ts'
import { type ControlContext, openDeployment, withDatabase } from '../deployment.ts'
import { renderList, type TableColumn } from '../table.ts'

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

function table(now: Date): readonly TableColumn<Delivery>[] {
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

/** `bridgectl deliveries pause`. */
export function pauseCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'deliveries pause',
    changes: true,
    description: 'Pause all delivery attempts; uploads are still taken in, and wait',
    examples: ['deliveries pause --reason "downstream asked us to"'],
    args: { reason: { type: 'string', valueHint: 'text', description: 'Why, for the next operator' } },
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
