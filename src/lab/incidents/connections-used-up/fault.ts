import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { databaseUrl } from '../../kit/service-database.ts'
import { query } from '../../postgres/postgres.ts'

/** The role of the other application, which has no right to anything of ours. */
const ROLE = 'reporting'
const APPLICATION = 'report-builder'

/** The time between two attempts to open a connection more, in milliseconds. */
const PAUSE = 100

const jobs = new Map<string, LeakingJob>()

/** An application of somebody else never ends its transactions, and takes every connection that is free. */
export const connectionsUsedUp: Fault = {
  name: 'connections-used-up',
  title: 'Another application uses up the connections',
  summary:
    'A job of somebody else opens one connection after the other, and leaves each idle in a transaction, until PostgreSQL has none left',
  async start(deployment) {
    const own = databaseUrl(deployment)
    await query(own, `create role ${ROLE} login password '${ROLE}'`)
    const url = new URL(own)
    url.username = ROLE
    url.password = ROLE
    const job = new LeakingJob(url.href)
    jobs.set(deployment.notesPath, job)
    deployment.signal.addEventListener('abort', () => job.end(), { once: true })
    await job.fill(deployment.signal)
    void job.goOn(deployment.signal)
  },
  async stop(deployment) {
    const job = jobs.get(deployment.notesPath)
    if (!job) return
    jobs.delete(deployment.notesPath)
    await job.end()
    await query(databaseUrl(deployment), `drop role if exists ${ROLE}`)
  },
  isActive: ({ notesPath }: Deployment) => jobs.get(notesPath)?.ended === false,
}

/** A program that begins transactions and does not end them. When somebody ends one of its sessions, it crashes. */
class LeakingJob {
  readonly #url: string
  readonly #clients = new Set<Client>()
  ended = false

  constructor(url: string) {
    this.#url = url
  }

  /** Takes connections until the server refuses one. */
  async fill(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#take()));
  }

  /** Takes every connection that becomes free. */
  async goOn(signal: AbortSignal): Promise<void> {
    while (!this.ended && !signal.aborted) {
      await this.#take()
      await sleep(PAUSE)
    }
  }

  async end(): Promise<void> {
    this.ended = true
    await Promise.all([...this.#clients].map(client => client.end().catch(() => undefined)))
  }

  async #take(): Promise<boolean> {
    const client = new Client({ connectionString: this.#url, application_name: APPLICATION })
    client.on('error', () => undefined)
    try {
      await client.connect()
    } catch {
      return false
    }
    this.#clients.add(client)
    client.on('end', () => void this.end())
    if (this.ended) await client.end()
    else await client.query('begin; select count(*) from pg_class')
    return true
  }
}
