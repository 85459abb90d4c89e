import type { ProcessRegistry } from '../processes/process-registry.ts'
import type { StartTimes } from '../status.ts'

/** The name of the part after which customers are answered. */
export const SERVING = 'serving'

/** A part of a start, in seconds: when it could begin, counted from when the lab was asked for, and how long it took. */
export interface TimedPart {
  readonly name: string
  readonly from: number
  readonly took: number
}

/** Runs the parts of a start. Each part is timed and reported, and the first failure stops the others. */
export class Progress {
  readonly #registry: Pick<ProcessRegistry, 'close'>
  readonly #log: (line: string) => void
  readonly #asked: number
  readonly #parts: TimedPart[] = []
  #failed = false
  #failure: unknown

  /** `asked`: when the lab was asked for, in milliseconds since 1970. */
  constructor(registry: Pick<ProcessRegistry, 'close'>, log: (line: string) => void, asked: number) {
    this.#registry = registry
    this.#log = log
    this.#asked = asked
  }

  /** How long the start took, now that it is over. */
  times(from: StartTimes['from']): StartTimes {
    const serving = this.#parts.find(({ name }) => name === SERVING)
    const ready = this.#seconds()
    return { from, serving: serving ? round(serving.from + serving.took) : ready, ready, parts: this.#parts }
  }

  /** Does the work of one part, after the parts that it needs. Its result is the detail in the report. */
  async part(name: string, work: () => Promise<string>, needs: readonly Promise<unknown>[] = []): Promise<void> {
    try {
      await Promise.all(needs)
      const from = this.#seconds()
      const detail = await work()
      const took = round(this.#seconds() - from)
      this.#parts.push({ name, from, took })
      const when =
        name === SERVING ? `, ${this.#seconds().toFixed(1)} s after the lab was asked for` : ` (${took.toFixed(1)} s)`
      this.#log(`✔ ${name.padEnd(12)} ${detail}${when}`)
    } catch (error) {
      if (!this.#failed) {
        this.#failed = true
        this.#failure = error
      }
      this.#registry.close(error)
      throw error
    }
  }

  /** Waits until all parts have ended. Throws the error of the first one that failed. */
  async all(parts: readonly Promise<void>[]): Promise<void> {
    await Promise.allSettled(parts)
    if (this.#failed) throw this.#failure
  }

  /** How long ago the lab was asked for. */
  #seconds(): number {
    return round((Date.now() - this.#asked) / 1000)
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100
}
