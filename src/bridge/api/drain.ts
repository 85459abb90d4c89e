import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** The shutdown of a process: requests in flight may finish, and no new ones begin. */
export class Drain {
  #begun = false
  #inFlight = 0
  readonly #byClient = new Map<string, number>()
  #idle = () => {}

  /** Whether the process is shutting down. */
  get hasBegun(): boolean {
    return this.#begun
  }

  /** How many requests are being answered. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** How many of them are one client's. */
  inFlightOf(client: string): number {
    return this.#byClient.get(client) ?? 0
  }

  /** From now on readiness fails and new requests are refused. */
  begin(): void {
    this.#begun = true
  }

  /** Counts a request as in flight until the whole answer was sent or the connection is closed. */
  track(response: ServerResponse, client: string): void {
    this.#inFlight += 1
    this.#byClient.set(client, this.inFlightOf(client) + 1)
    response.once('close', () => {
      this.#inFlight -= 1
      const left = this.inFlightOf(client) - 1
      if (left > 0) this.#byClient.set(client, left)
      else this.#byClient.delete(client)
      if (this.#inFlight === 0) this.#idle()
    })
  }

  /** Waits until no request is in flight, for at most `limit` milliseconds. */
  async untilIdle(limit: number): Promise<void> {
    if (this.#inFlight === 0) return
    const enough = new AbortController()
    const idle = new Promise<void>(resolve => {
      this.#idle = resolve
    })
    await Promise.race([idle, wait(limit, undefined, { signal: enough.signal }).catch(() => {})])
    enough.abort()
  }
}
