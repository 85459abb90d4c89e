import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { migrate } from './migrations.ts'
import { createQueueLogger } from './queue.ts'

const interval = 1000
// A probe that hangs counts as failed.
const freshFor = 3000

/** What a monitor of the database is given. */
interface MonitorRoom {
  readonly pool: Pool
  readonly log: Logger
  /** The bytes a second that downstream takes, as agreed; read each time, because it can change. */
  readonly agreedRate: () => number
  readonly onUp: () => void
}

/** Watches the database. Migrates it when it first answers, and keeps the latest summary of deliveries. */
export class DatabaseMonitor {
  readonly #room: MonitorRoom
  #migrated = false
  #last: { readonly at: number; readonly summary: DeliverySummary; readonly due: DueDeliveries } | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(room: MonitorRoom) {
    this.#room = room
  }

  /** Probes at once and then every second. Resolves after the first probe, whether it failed or not. */
  async start(): Promise<void> {
    await this.#probe()
  }

  /** Ends the watch. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  /** Whether the database answered recently and has its schema. */
  get isUp(): boolean {
    return this.summary !== undefined
  }

  /** The latest summary of deliveries; undefined while the database is down. */
  get summary(): DeliverySummary | undefined {
    return this.#fresh?.summary
  }

  /** The latest times at which deliveries are due; undefined while the database is down. */
  get due(): DueDeliveries | undefined {
    return this.#fresh?.due
  }

  get #fresh() {
    return this.#last !== undefined && performance.now() - this.#last.at < freshFor ? this.#last : undefined
  }

  async #probe(): Promise<void> {
    const { pool, log, agreedRate } = this.#room
    const wasUp = this.isUp
    try {
      if (!this.#migrated) await migrate(pool, createQueueLogger(log))
      this.#migrated = true
      const summary = await summarizeDeliveries(pool)
      this.#last = { summary, due: await findDue(pool, agreedRate()), at: performance.now() }
      if (!wasUp) this.#announceUp()
    } catch (error) {
      if (wasUp || this.#last === undefined) log.error({ error }, 'the database cannot be used')
      this.#last = undefined
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#probe(), interval)
  }

  #announceUp(): void {
    this.#room.log.info('the database answers')
    this.#room.onUp()
  }
}

/** The state of all deliveries at one moment. */
export interface DeliverySummary {
  readonly pending: number
  readonly held: number
  /** Uploads, held for this or another reason, whose bytes on the volume are missing or not those that were acknowledged. */
  readonly damaged: number
  readonly oldestPending: Date | null
  readonly paused: boolean
}

/** Counts deliveries. Reads only the index of uploads that are not delivered. */
export async function summarizeDeliveries(pool: Pool): Promise<DeliverySummary> {
  const { rows } = await pool.query<DeliverySummary>(
    `select count(*) filter (where state = 'pending')::int as pending,
            count(*) filter (where state = 'held')::int as held,
            count(damage)::int as damaged,
            min(acknowledged_at) filter (where state = 'pending') as "oldestPending",
            (select paused from upload_bridge.circuit) as paused
       from upload_bridge.uploads where state <> 'delivered'`,
  )
  return rows[0] ?? { pending: 0, held: 0, damaged: 0, oldestPending: null, paused: false }
}

/** When the first two of the pending deliveries are due: at their acknowledgement, and the time that their size takes at the agreed rate. */
interface DueDeliveries {
  readonly first: Date | null
  readonly second: Date | null
}

async function findDue(pool: Pool, agreedRate: number): Promise<DueDeliveries> {
  const { rows } = await pool.query<{ due: Date }>(
    `select acknowledged_at + coalesce(size / nullif($1::float8, 0), 0) * interval '1 second' as due
       from upload_bridge.uploads where state = 'pending' order by due limit 2`,
    [agreedRate],
  )
  return { first: rows[0]?.due ?? null, second: rows[1]?.due ?? null }
}

/** Counts all delivered uploads. It reads many rows, so only commands for people use it. */
export async function countDelivered(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from upload_bridge.uploads where state = 'delivered'`,
  )
  return rows[0]?.count ?? 0
}
