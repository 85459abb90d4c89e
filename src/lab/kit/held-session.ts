import { Client } from 'pg'
import { LabError } from '../../lab-port/index.ts'
import { query } from '../postgres/postgres.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { Fault } from './fault.ts'

/** A session of somebody else in the service's database. */
interface HeldSession extends Pick<Fault, 'name' | 'title' | 'summary'> {
  /** Its `application_name`, by which operators recognise it. */
  readonly application: string
  /** Takes the lock, and returns at once. */
  readonly lock: string
  /** What it does then, and for longer than anybody waits. Without it, it is idle. */
  readonly busy?: string
}

/** A fault: a session keeps a lock until somebody ends it, or cancels what it does. */
export function heldSession({ application, lock, busy, ...named }: HeldSession): Fault {
  // Connections cannot be kept in a file. They end with the lab.
  const sessions = new Map<string, Client>()
  return {
    ...named,
    async start(deployment) {
      const key = deployment.notesPath
      const client = new Client({ connectionString: deployment.databaseUrl, application_name: application })
      const forget = () => sessions.delete(key)
      client.on('error', forget)
      client.on('end', forget)
      await client.connect()
      sessions.set(key, client)
      deployment.signal.addEventListener('abort', () => void client.end().catch(forget), { once: true })
      await client.query('begin')
      await client.query(lock)
      if (busy) client.query(busy).catch(() => client.end().catch(forget))
    },
    async stop(deployment) {
      const { notesPath, signal } = deployment
      if (!sessions.has(notesPath)) return
      // A session that computes does not notice that its client is gone, so the server ends it.
      const ended = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${application}'`
      await query(deployment.databaseUrl, ended)
      if (await waitUntil(() => !sessions.has(notesPath), { timeout: 5000, signal })) return
      throw new LabError('cannot-break', 'the session does not end')
    },
    isActive: ({ notesPath }) => sessions.has(notesPath),
  }
}
