import type { ProcessRegistry } from '../processes/process-registry.ts'

/** Runs the parts of a start: each is timed and told of, and the first to fail stops the others. */
export class Progress {
  readonly #registry: ProcessRegistry
  readonly #log: (line: string) => void
  #failed = false
  #failure: unknown

  constructor(registry: ProcessRegistry, log: (line: string) => void) {
    this.#registry = registry
    this.#log = log
  }

  /** Does the work of one part; what it gives is the detail that readers are told. */
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

  /** Waits for all parts; throws what the first one failed of, when all have come to an end. */
  async all(parts: readonly Promise<void>[]): Promise<void> {
    await Promise.allSettled(parts)
    if (this.#failed) throw this.#failure
  }
}
