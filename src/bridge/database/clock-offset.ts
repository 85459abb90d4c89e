import type { Pool } from 'pg'

/** Milliseconds between two comparisons. */
const pause = 5000
/** The offset can be wrong by half of the time until the answer. After more milliseconds than these, the answer is not used. */
const tooLong = 1000

/** What a comparison needs. */
export interface ClockRoom {
  /** The database's clock, in milliseconds since 1970. */
  readonly readDatabaseTime: () => Promise<number>
  /** This process's clock, in the same unit. */
  readonly now: () => number
}

/**
 * How many seconds the database's clock is ahead of this process's; negative when it is behind. Half of the round trip is taken off.
 * Undefined when the database does not answer, or takes too long for it.
 */
export async function compareClocks({ readDatabaseTime, now }: ClockRoom): Promise<number | undefined> {
  const began = performance.now()
  const asked = now()
  const time = await readDatabaseTime().catch(() => undefined)
  const roundTrip = performance.now() - began
  return time === undefined || roundTrip > tooLong ? undefined : (time - (asked + roundTrip / 2)) / 1000
}

/** Compares this process's clock with the database's, again and again. */
export class ClockWatch {
  readonly #room: ClockRoom
  #offset: number | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(pool: Pool) {
    this.#room = { readDatabaseTime: () => readDatabaseTime(pool), now: Date.now }
  }

  /** The latest offset in seconds, as in `compareClocks`. */
  get offset(): number | undefined {
    return this.#offset
  }

  /** Compares at once, and then every few seconds. */
  async start(): Promise<void> {
    this.#offset = await compareClocks(this.#room)
    if (!this.#stopped) this.#timer = setTimeout(() => void this.start(), pause)
  }

  /** Ends the comparisons. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }
}

async function readDatabaseTime(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ now: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
  )
  const [row] = rows
  if (row === undefined) throw new Error('the database did not tell its time')
  return row.now
}
