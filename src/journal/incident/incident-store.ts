import type { Actor } from '../event.ts'
import type { IncidentEvent, IncidentFact } from './incident-event.ts'

/** What is kept of an incident. */
export interface RecordedIncident {
  readonly incident: string
  readonly events: readonly IncidentEvent[]
  /** The hash that the chain ends with. */
  readonly head: string
  /** The first line that is not what was written, counted from 1. Events from there on are left out. */
  readonly badLine?: number
}

/** Something to be added to an incident. */
export interface IncidentEntry {
  readonly fact: IncidentFact
  readonly by: Actor
  /** The same key twice is one entry. */
  readonly key: string
}

/** What came of adding an entry: the event, and whether this made it. */
export interface AddedEntry {
  readonly event: IncidentEvent
  readonly isNew: boolean
}

/**
 * What remembers incidents. Many write to one at the same time: people in browsers and terminals, on several machines. Events are numbered and
 * chained in the order in which they were added, as those of runs are.
 */
export interface IncidentStore {
  /** Begins one. The same key twice begins one; `isNew` says whether this did. Rejects when nothing can be kept. */
  declare(entry: IncidentEntry): Promise<AddedEntry>
  /**
   * Adds to one. `judge` sees what is recorded up to the place of the entry, and throws when it may not stand there: then nothing is added.
   * Rejects when there is no such incident, when its record is not what was written, or when nothing can be kept.
   */
  add(incident: string, entry: IncidentEntry, judge?: (recorded: RecordedIncident) => void): Promise<AddedEntry>
  /** What is recorded, verified; nothing when there is no such incident. */
  read(incident: string): Promise<RecordedIncident | undefined>
  /** The ids of all, newest first. */
  list(): Promise<readonly string[]>
}
