import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { errorCode } from '../storage/error-code.ts'

/** A pause of deliveries, and why. */
export interface Pause {
  readonly reason: string | undefined
}

/** The protective decisions in an audit trail. */
export interface Trail {
  /** Why the trail may be incomplete; undefined when it is complete. */
  readonly gap: string | undefined
  /** Uploads that are held now, with the reason. */
  readonly held: ReadonlyMap<string, string>
  readonly revokedKeys: ReadonlySet<string>
  readonly createdKeys: ReadonlySet<string>
  /** The pause of deliveries that is still in force; undefined when the trail has none. */
  readonly pause: Pause | undefined
}

/** Reads an audit trail with all its rotated files. With a moment, the trail must reach back to it. */
export async function readTrail(path: string, since: Date | undefined): Promise<Trail> {
  const told: Told = {
    held: new Map(),
    revokedKeys: new Set(),
    createdKeys: new Set(),
    pause: undefined,
    unclear: 0,
  }
  let first: string | undefined
  try {
    for await (const line of readLines(path)) {
      if (first !== undefined && !decision.test(line)) continue
      const event = parseEvent(line)
      first ??= event?.['@timestamp']
      if (decision.test(line)) note(told, event, since)
    }
  } catch (error) {
    return { ...told, gap: `the audit trail ${path} cannot be read: ${errorCode(error) ?? 'it is damaged'}` }
  }
  return { ...told, gap: findGap(path, first, told.unclear, since) }
}

const decision = /"event\.action":"(?:deliveries (?:hold|release|pause|resume)|keys (?:revoke|create))"/

const eventSchema = z.object({
  '@timestamp': z.iso.datetime(),
  'event.action': z.string(),
  'event.outcome': z.string(),
  'event.reason': z.string().optional(),
  'upload.id': z.string().optional(),
  'user.target.name': z.string().optional(),
})

interface Told {
  readonly held: Map<string, string>
  readonly revokedKeys: Set<string>
  readonly createdKeys: Set<string>
  pause: Pause | undefined
  /** Lines that do not name the key or upload of the decision. */
  unclear: number
}

function note(told: Told, event: z.infer<typeof eventSchema> | undefined, since: Date | undefined): void {
  if (event?.['event.outcome'] === 'failure') return
  if (event?.['event.action'] === 'deliveries pause') {
    told.pause = { reason: event['event.reason'] }
    return
  }
  if (event?.['event.action'] === 'deliveries resume') {
    told.pause = undefined
    return
  }
  const subject = event?.['upload.id'] ?? event?.['user.target.name']
  if (event === undefined || subject === undefined) {
    // Older releases named no subject. What they did before the backup is in the backup.
    if (event === undefined || since === undefined || new Date(event['@timestamp']) >= since) told.unclear += 1
    return
  }
  switch (event['event.action']) {
    case 'deliveries hold':
      told.held.set(subject, event['event.reason'] ?? 'held at the old place')
      return
    case 'deliveries release':
      told.held.delete(subject)
      return
    case 'keys revoke':
      told.revokedKeys.add(subject)
      return
    default:
      told.createdKeys.add(subject)
  }
}

function findGap(path: string, first: string | undefined, unclear: number, since: Date | undefined) {
  if (first === undefined) return `there is no audit trail in ${path}`
  if (unclear > 0) return `${unclear} lines of the audit trail ${path} cannot be understood`
  if (since === undefined || new Date(first) <= since) return undefined
  return `the audit trail ${path} begins only at ${first}, after the backup of ${since.toISOString()}`
}

function parseEvent(line: string): z.infer<typeof eventSchema> | undefined {
  try {
    return eventSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

/** The lines of all its files, the oldest first. */
async function* readLines(path: string): AsyncGenerator<string> {
  const name = basename(path)
  const numbers = (await readdir(dirname(path)))
    .flatMap(entry => (entry.startsWith(`${name}.`) ? Number(entry.slice(name.length + 1)) : []))
    .filter(number => Number.isSafeInteger(number))
    .sort((a, b) => b - a)
  for (const file of [...numbers.map(number => `${path}.${number}`), path]) {
    yield* createInterface({ input: createReadStream(file, 'utf8') })
  }
}
