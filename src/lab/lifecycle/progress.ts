import type { ProcessRegistry } from '../processes/process-registry.ts'

/** Runs the parts of a start. Each part is timed and reported, and the first failure stops the others. */
export class Progress {
  readonly #registry: ProcessRegistry
  readonly #log: (line: string) => void
  #failed = false
  #failure: unknown

  constructor(registry: ProcessRegistry, log: (line: string) => void) {
    this.#registry = registry
    this.#log = log
  }

  /** Does the work of one part. Its result is the detail in the report. */
  async part(name: string, work: () => Promise<string>): Promise<void> {
    const start = performance.now()
    try {
      const detail = await work()
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      this.#log(`✔ ${name.padEnd(12)} ${detail} (${seconds} s)`)
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
}
