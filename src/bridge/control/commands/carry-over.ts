import { type CarriedOver, carryOver, UnknownKeyError } from '../../carry-over/carry-over.ts'
import type { CarryOverPlaces, InDatabase, NewPlace } from '../../carry-over/places.ts'
import { readTrail } from '../../carry-over/read-trail.ts'
import { auditFile } from '../../configuration/effective-configuration.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { WriteAudit } from '../../telemetry/audit.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand, openAudit } from '../define-control-command.ts'
import { type ControlContext, openDeployment, withDatabase } from '../deployment.ts'

const why = { type: 'string', valueHint: 'reason' } as const

/** `bridgectl backup carry-over`: after an import, before the new place serves. */
export function carryOverCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'backup carry-over',
    changes: true,
    description: 'Take along what was revoked, held, closed or paused at the old place since the backup',
    examples: [
      'backup carry-over --from old.yaml --config restored.yaml --since 2026-11-28T03:00:00Z',
      'backup carry-over --config restored.yaml --without-old-keys "the machine burnt" --without-old-holds "the same"',
    ],
    args: {
      from: { type: 'string', valueHint: 'file', description: 'The configuration of the place that is left' },
      since: {
        type: 'string',
        valueHint: 'time',
        description: 'When the backup was made; the audit trail must reach back to it',
      },
      'without-old-keys': { ...why, description: 'Do not ask the old place for its keys, because …' },
      'without-old-holds': {
        ...why,
        description: 'Do not ask it what is held; deliveries wait for somebody to resume them',
      },
      revoke: { type: 'string', valueHint: 'ids', description: 'Keys to revoke besides, as in a,b' },
    },
    async run(args, { stdout }) {
      const [withoutKeys, withoutHolds] = [readReason(args, 'without-old-keys'), readReason(args, 'without-old-holds')]
      const since = readTime(args.since)
      const to = await openDeployment(context, args)
      const place: NewPlace = { to, inNew: inDatabase(to), now: context.now() }
      const from = await openOld(context, args.from, place, since)
      if (from === undefined && (withoutKeys === undefined || withoutHolds === undefined)) {
        throw wrongUsage(
          'name the place that is left with --from FILE, or say --without-old-keys and --without-old-holds',
        )
      }
      const revoke = (args.revoke ?? '').split(/[\s,]+/).filter(id => id !== '')
      const carried = await carryOver(place, from, { withoutKeys, withoutHolds, revoke }).catch(error => {
        throw error instanceof UnknownKeyError ? failure(error.message) : error
      })
      writeDown(carried, openAudit(context, to))
      const { circuit, ...rest } = carried
      stdout(args.json ? `${JSON.stringify({ ...rest, deliveries: circuit })}\n` : describeCarriedOver(carried))
      if (carried.unknown.length > 0) throw failure(describeUnknown(carried.unknown))
    },
  })
}

function readReason(args: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const reason = args[name]
  if (typeof reason === 'string' && reason.trim() === '') throw wrongUsage(`--${name} must say why`)
  return typeof reason === 'string' ? reason : undefined
}

function readTime(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const time = new Date(text)
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(time.getTime())) {
    throw wrongUsage(`--since wants a time such as 2026-11-28T03:00:00Z, not "${text}"`)
  }
  return time
}

async function openOld(
  context: ControlContext,
  config: string | undefined,
  place: NewPlace,
  since: Date | undefined,
): Promise<CarryOverPlaces | undefined> {
  if (config === undefined) return undefined
  const from = await openDeployment(context, { config })
  for (const [key, old, now] of [
    ['database.url', from.database.url, place.to.database.url],
    ['state.path', from.state.path, place.to.state.path],
  ]) {
    if (old === now) throw wrongUsage(`${key} is the same in both: the old place and the new one cannot be told apart`)
  }
  let trail: ReturnType<typeof readTrail> | undefined
  const path = auditFile(from).path
  return {
    ...place,
    from,
    inOld: inDatabase(from),
    trail: () => {
      trail ??= readTrail(path, since)
      return trail
    },
  }
}

function inDatabase(configuration: Configuration): InDatabase {
  return work => withDatabase(configuration, work)
}

// Written as the single commands would write it, because the next carry-over reads this trail.
function writeDown({ keys, holds }: CarriedOver, audit: WriteAudit): void {
  const note = (action: string, what: { keyId: string } | { uploadId: string; reason: string }, id: string) =>
    audit({ action, outcome: 'success', ...what, message: `${action} ${id}, carried over from the old place` })
  for (const keyId of keys.revoked) note('keys revoke', { keyId }, keyId)
  for (const keyId of keys.takenAlong) note('keys create', { keyId }, keyId)
  for (const { id, reason } of holds.held) note('deliveries hold', { uploadId: id, reason }, id)
}

function describeUnknown(unknown: readonly string[]): string {
  return [
    'what protects is known in part only, and the new place must not serve yet:',
    ...unknown.map(each => `  ${each}`),
    'Look into it, then say why with --without-old-keys REASON (keys that must not work again: --revoke ID,ID),',
    'or with --without-old-holds REASON: deliveries then stay paused until somebody resumes them.',
  ].join('\n')
}

/** What was carried over, one line for each kind. */
function describeCarriedOver({ keys, holds, admission, circuit }: CarriedOver): string {
  const decided = [
    ...keys.revoked.map(id => `${id} is revoked`),
    ...keys.expireEarlier.map(id => `${id} expires earlier`),
    ...keys.haveAnotherRole.map(id => `${id} has another role`),
    ...keys.takenAlong.map(id => `${id} is taken along`),
    ...keys.lost.map(id => `${id} was made since, and has to be made anew under another name`),
    ...holds.held.map(({ id, reason }) => `${id} is held: ${reason}`),
    ...holds.absent.map(
      ({ id, reason }) => `${id} is not in the backup, and was held: ${reason}; do not send it again`,
    ),
  ]
  const lines = [
    ...(decided.length === 0 ? ['no key and no upload had to be changed'] : decided),
    admission.open ? 'admission is open' : `admission stays closed: ${admission.reason}`,
    circuit.paused ? `deliveries stay paused: ${circuit.reason ?? 'no reason given'}` : 'deliveries run',
  ]
  return lines.map(line => `${line}\n`).join('')
}
