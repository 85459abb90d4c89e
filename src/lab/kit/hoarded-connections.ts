import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'

/** Milliseconds until it tries again to get more. */
const PAUSE = 20

/** A program of somebody else that opens connections to a database and never closes one. */
export class HoardedConnections {
  readonly #url: string
  readonly #open = new Set<Client>()
  readonly #stopped = new AbortController()

  constructor(url: string) {
    this.#url = url
  }

  /** How many it has. */
  get count(): number {
    return this.#open.size
  }

  /** Whether the server gave it none at its latest try. */
  isRefused = false

  /** Opens connections, as many as it gets, until it is stopped. */
  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      // One after the other: each try takes a slot for a moment, a reserved one, too.
      this.isRefused = !(await this.#take())
      if (this.isRefused) await wait(PAUSE)
    }
  }

  /** Ends the program, and with it all its connections. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all([...this.#open].map(client => client.end().catch(() => undefined)))
  }

  async #take(): Promise<boolean> {
    const client = new Client({ connectionString: this.#url, application_name: 'monthly report' })
    const forget = () => this.#open.delete(client)
    client.on('error', forget)
    client.on('end', forget)
    try {
      await client.connect()
      this.#open.add(client)
      if (this.#stopped.signal.aborted) await client.end()
      return true
    } catch {
      return false
    }
  }
}
