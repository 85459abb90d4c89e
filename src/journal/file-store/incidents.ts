import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { IncidentEvent } from '../incident/incident-event.ts'
import type { AddedEntry, IncidentEntry, IncidentStore, RecordedIncident } from '../incident/incident-store.ts'
import { makeRunId } from '../run-id.ts'
import { hashKey } from './beginnings.ts'
import { hashLine } from './chain.ts'
import { isName } from './places.ts'
import { create } from './requests.ts'
import { makeFolder } from './share.ts'

/** A line as it is kept: the event as it was written, and the hash of that and of the hash before it. */
interface KeptLine {
  readonly line: string
  readonly chain: string
}

/**
 * Incidents in a folder: a folder each, with a file for each event. A file is made all at once, and only where none is: of two who add at the
 * same moment one finds its number taken, and takes the next one. So nobody has to hold a lock, on whichever machine.
 */
export function createIncidentFiles(folder: string, now: () => Date): IncidentStore {
  const read = async (incident: string) => (isName(incident) ? readIncident(folder, incident) : undefined)
  const add: IncidentStore['add'] = async (incident, entry, judge) => {
    for (;;) {
      const recorded = await read(incident)
      if (!recorded) throw new Error(`There is no incident ${incident}`)
      const before = recorded.events.find(({ key }) => key === entry.key)
      if (before) return { event: before, isNew: false }
      if (recorded.badLine !== undefined)
        throw new Error(`Line ${recorded.badLine} of incident ${incident} is not what was written: nothing is added`)
      judge?.(recorded)
      const added = await append(folder, recorded, entry, now)
      if (added) return added
    }
  }
  return {
    async declare(entry) {
      // The key chooses the id: asked twice, it is one incident.
      const noted = join(folder, 'declared', `${hashKey(entry.key)}.json`)
      const { incident } = await noteOnce(noted, { incident: makeRunId(now()) })
      makeFolder(join(folder, incident))
      return (await append(folder, { incident, events: [], head: '' }, entry, now)) ?? add(incident, entry)
    },
    add,
    read,
    async list() {
      const names = await readdir(folder).catch((): string[] => [])
      return names.filter(name => /^\d{8}-\d{6}-\w+$/.test(name)).toSorted((a, b) => (a < b ? 1 : -1))
    },
  }
}

/** Writes content into a file, unless there is some: gives what is there then. */
async function noteOnce(file: string, content: { readonly incident: string }): Promise<typeof content> {
  makeFolder(dirname(file))
  return (await create(file, content)) ? content : JSON.parse(await readFile(file, 'utf8'))
}

/** Adds an entry behind what is recorded; nothing when somebody else was first. */
async function append(
  folder: string,
  { incident, events, head }: RecordedIncident,
  { fact, by, key }: IncidentEntry,
  now: () => Date,
): Promise<AddedEntry | undefined> {
  const seq = events.length + 1
  const event: IncidentEvent = { seq, time: now().toISOString(), incident, by, key, ...fact }
  const line = JSON.stringify(event)
  const kept: KeptLine = { line, chain: hashLine(head, line) }
  return (await create(nameFile(folder, incident, seq), kept)) ? { event, isNew: true } : undefined
}

async function readIncident(folder: string, incident: string): Promise<RecordedIncident | undefined> {
  const names = await readdir(join(folder, incident)).catch((): string[] => [])
  const last = Math.max(0, ...names.map(name => Number(/^(\d{6})\.json$/.exec(name)?.[1] ?? 0)))
  if (last === 0) return undefined
  const events: IncidentEvent[] = []
  let head = ''
  for (let seq = 1; seq <= last; seq++) {
    const text = await readFile(nameFile(folder, incident, seq), 'utf8').catch(() => '')
    const read = readLine(text, head)
    if (read?.event.seq !== seq || read.event.incident !== incident) return { incident, events, head, badLine: seq }
    events.push(read.event)
    head = read.chain
  }
  return { incident, events, head }
}

/** An event, if its hash is the one that the chain asks for. */
function readLine(text: string, before: string): { event: IncidentEvent; chain: string } | undefined {
  try {
    const { line, chain }: KeptLine = JSON.parse(text)
    return hashLine(before, line) === chain ? { event: JSON.parse(line), chain } : undefined
  } catch {
    return undefined
  }
}

function nameFile(folder: string, incident: string, seq: number): string {
  return join(folder, incident, `${String(seq).padStart(6, '0')}.json`)
}
