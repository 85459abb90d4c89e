import { readFileSync } from 'node:fs'
import { Client } from 'pg'
import { parse } from 'yaml'
import { LabError } from '../../lab-port/index.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { Deployment, Fault } from './fault.ts'

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
      const client = new Client({ connectionString: databaseUrl(deployment), application_name: application })
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
    async stop({ notesPath, signal }) {
      const client = sessions.get(notesPath)
      if (!client) return
      // A session that is busy does not listen: it is cut.
      client.connection.stream.destroy()
      if (await waitUntil(() => !sessions.has(notesPath), { timeout: 5000, signal })) return
      throw new LabError('cannot-break', 'the session does not end')
    },
    isActive: ({ notesPath }) => sessions.has(notesPath),
  }
}

function databaseUrl({ configPath }: Deployment): string {
  const { database }: { database: { url: string } } = parse(readFileSync(configPath, 'utf8'))
  return database.url
}
