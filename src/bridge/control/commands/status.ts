import { readAdmission } from '../../admission/admission.ts'
import type { Configuration } from '../../configuration/schema.ts'
import { formatByteSize, formatDuration } from '../../configuration/value-types.ts'
import { countDelivered, type DeliverySummary, summarizeDeliveries } from '../../database/database-monitor.ts'
import { type Circuit, readCircuit } from '../../database/queue.ts'
import { readReleases } from '../../releases/releases.ts'
import { readSpace, uploadsFolder } from '../../storage/layout.ts'
import { summarizePartials } from '../../storage/partials.ts'
import { failure } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { type ControlContext, messageOf, openDeployment, withDatabase } from '../deployment.ts'

/** `bridgectl status`: an overview. It says which parts cannot be read. */
export function statusCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'status',
    description: 'Show database, storage, admission, circuit and counts; exit code 1 when a part cannot be read',
    examples: ['status', 'status --json | jq .storage.availableBytes'],
    args: {},
    async run(args, { stdout }) {
      const configuration = await openDeployment(context, args)
      const status = await gatherStatus(configuration)
      stdout(args.json ? `${JSON.stringify(status, null, 2)}\n` : renderStatus(status, context.now()))
      const unknown = listUnknown(status)
      if (unknown.length > 0) throw failure(`unknown: ${unknown.join(', ')}`)
    },
  })
}

function listUnknown({ database, storage, admission, partials }: Status): readonly string[] {
  const parts = { storage, admission, partials }
  const unknown = Object.entries(parts).flatMap(([name, part]) => ('error' in part ? [name] : []))
  return database.up ? unknown : ['database', ...unknown]
}

type Known<Value> = Value | { readonly error: string }

interface Status {
  readonly environment: string
  readonly release: string | null
  readonly database: { readonly up: boolean; readonly error?: string }
  readonly storage: Known<{
    readonly path: string
    readonly sizeBytes: number
    readonly availableBytes: number
    readonly usedPercent: number
    readonly files: number
    readonly filesFree: number
  }>
  readonly admission: Known<Awaited<ReturnType<typeof readAdmission>>>
  readonly partials: Known<{ readonly count: number; readonly bytes: number; readonly oldest: Date | null }>
  readonly circuit: Circuit | null
  readonly deliveries: (Omit<DeliverySummary, 'paused'> & { readonly delivered: number }) | null
}

async function gatherStatus(configuration: Configuration): Promise<Status> {
  const { storage, state, releases, environment } = configuration
  const database = await known(
    withDatabase(configuration, async pool => {
      const { paused: _paused, ...summary } = await summarizeDeliveries(pool)
      return { circuit: await readCircuit(pool), deliveries: { ...summary, delivered: await countDelivered(pool) } }
    }),
  )
  return {
    environment,
    release: (await readReleases(releases.path)).current ?? null,
    database: 'error' in database ? { up: false, error: database.error } : { up: true },
    storage: await known(describeStorage(storage.path)),
    admission: await known(readAdmission(state.path)),
    partials: await known(describePartials(storage.path)),
    circuit: 'error' in database ? null : database.circuit,
    deliveries: 'error' in database ? null : database.deliveries,
  }
}

async function describeStorage(path: string) {
  const { size, available, files, filesFree } = await readSpace(path)
  const usedPercent = size === 0 ? 0 : Math.round((100 * (size - available)) / size)
  return { path, sizeBytes: size, availableBytes: available, usedPercent, files, filesFree }
}

async function describePartials(path: string) {
  const { count, bytes, oldest } = await summarizePartials(uploadsFolder(path))
  return { count, bytes, oldest: oldest ?? null }
}

async function known<Value>(work: Promise<Value>): Promise<Known<Value>> {
  try {
    return await work
  } catch (error) {
    return { error: messageOf(error) }
  }
}

function renderStatus(status: Status, now: Date): string {
  const { storage, admission, partials, circuit, deliveries } = status
  const lines = [
    ['environment', status.environment],
    ['release', status.release ?? 'none activated'],
    ['database', status.database.up ? 'up' : `down: ${status.database.error}`],
    ['storage', 'error' in storage ? storage.error : describeSpace(storage)],
    [
      'admission',
      'error' in admission
        ? admission.error
        : admission.open
          ? 'open'
          : `closed (${admission.note === undefined ? admission.reason : `${admission.reason}: ${admission.note}`}) since ${admission.since}`,
    ],
    [
      'partial',
      'error' in partials
        ? partials.error
        : `${partials.count}, ${formatByteSize(partials.bytes)}${age('oldest written', partials.oldest, now)}`,
    ],
    [
      'pending',
      deliveries === null ? 'unknown' : `${deliveries.pending}${age('oldest', deliveries.oldestPending, now)}`,
    ],
    [
      'held',
      deliveries === null
        ? 'unknown'
        : `${deliveries.held}${deliveries.damaged === 0 ? '' : `, ${deliveries.damaged} of them damaged`}`,
    ],
    ['delivered', deliveries === null ? 'unknown' : `${deliveries.delivered}`],
    [
      'deliveries',
      circuit === null ? 'unknown' : circuit.paused ? `paused: ${circuit.reason ?? 'no reason given'}` : 'running',
    ],
  ] as const
  return lines.map(([name, value]) => `${name.padEnd(12)} ${value}\n`).join('')
}

function describeSpace(space: { usedPercent: number; sizeBytes: number; availableBytes: number }): string {
  return `${space.usedPercent}% of ${formatByteSize(space.sizeBytes)} used, ${formatByteSize(space.availableBytes)} free`
}

function age(label: string, since: Date | null, now: Date): string {
  return since === null ? '' : `, ${label} ${formatDuration(now.getTime() - since.getTime())} ago`
}
