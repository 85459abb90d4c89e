import type { Logger } from 'pino'
import { summarizePartials } from './partials.ts'
import type { Space } from './space.ts'

/** What is known of all partial uploads. */
export interface PartialsState extends Awaited<ReturnType<typeof summarizePartials>> {
  /** The bytes that they still expect. */
  readonly promised: number
}

/** What the watch needs. */
interface WatchRoom {
  readonly measure: () => Promise<PartialsState>
  readonly log: Logger
  /** Waits so many milliseconds, or until the watch ends. */
  readonly wait: (milliseconds: number) => Promise<unknown>
  /** A clock in milliseconds that nobody sets. */
  readonly now: () => number
}

const shortestPause = 1000
const longestPause = 30_000
/** A measurement that is older, in milliseconds, says nothing any more: the volume may hang. */
const goodFor = 120_000

/** Makes the measurement: every file of every partial upload is looked at, which takes seconds when there are thousands. */
export function measurePartials(folder: string, space: Space): () => Promise<PartialsState> {
  return async () => ({ ...(await summarizePartials(folder)), promised: await space.promised() })
}

/**
 * Measures the partial uploads again and again, so that no scrape waits for it. After a measurement it rests nine times as long, so that it
 * takes at most a tenth of the time.
 */
export class PartialsWatch {
  readonly #room: WatchRoom
  #last: { readonly state: PartialsState | undefined; readonly at: number } | undefined
  #stopped = false

  constructor(room: WatchRoom) {
    this.#room = room
  }

  /** The latest measurement; undefined when there is none that is good. */
  get current(): PartialsState | undefined {
    return this.#last !== undefined && this.#room.now() - this.#last.at < goodFor ? this.#last.state : undefined
  }

  /** Measures once, and goes on by itself. */
  async start(): Promise<void> {
    const began = this.#room.now()
    const state = await this.#room.measure().catch(error => {
      this.#room.log.warn({ error }, 'the partial uploads could not be measured')
      return undefined
    })
    this.#last = { state, at: this.#room.now() }
    void this.#goOn(9 * (this.#last.at - began))
  }

  /** Ends the measurements. */
  stop(): void {
    this.#stopped = true
  }

  async #goOn(pause: number): Promise<void> {
    await this.#room.wait(Math.min(longestPause, Math.max(shortestPause, pause)))
    if (!this.#stopped) await this.start()
  }
}
