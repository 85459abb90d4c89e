import { listConfigurationKeys } from './list-keys.ts'
import { ConfigurationError } from './load-configuration.ts'
import type { Configuration } from './schema.ts'
import { setValueAt, valueAt } from './value-tree.ts'

/** The result of a reload of the configuration. */
export type Reload =
  | {
      readonly successful: true
      /** Keys with a new value. */
      readonly changed: readonly string[]
      /** Changed keys that take effect only at the next start. */
      readonly waiting: readonly string[]
    }
  | { readonly successful: false; readonly problems: readonly string[] }

/** The configuration in force. A wrong configuration never replaces it. */
export class LiveConfiguration {
  #current: Configuration
  #last: { readonly successful: boolean; readonly succeededAt: Date }
  #underWay: Promise<unknown> = Promise.resolve()
  readonly #read: () => Promise<Configuration>
  readonly #checks = new Set<(next: Configuration) => void>()
  readonly #listeners = new Set<() => void>()

  constructor(first: Configuration, read: () => Promise<Configuration>) {
    this.#current = first
    this.#read = read
    this.#last = { successful: true, succeededAt: new Date() }
  }

  /** Read it each time, because it can change. */
  get current(): Configuration {
    return this.#current
  }

  /** Whether the last reload succeeded, and the time of the last success. */
  get last(): { readonly successful: boolean; readonly succeededAt: Date } {
    return this.#last
  }

  /** Adds a check of each new configuration. A check that throws refuses it, for example when a named file cannot be used. */
  beforeReload(check: (next: Configuration) => void): void {
    this.#checks.add(check)
  }

  /**
   * Calls back after every successful reload, even without changes, because named files may have changed. Returns the function that ends
   * this.
   */
  onReload(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads the configuration again, one reload at a time. */
  reload(): Promise<Reload> {
    const result = this.#underWay.then(() => this.#reload())
    this.#underWay = result.catch(() => {})
    return result
  }

  async #reload(): Promise<Reload> {
    try {
      const { next, changed, waiting } = adopt(this.#current, await this.#read())
      for (const check of this.#checks) check(next)
      this.#current = next
      for (const listener of this.#listeners) listener()
      this.#last = { successful: true, succeededAt: new Date() }
      return { successful: true, changed, waiting }
    } catch (error) {
      this.#last = { ...this.#last, successful: false }
      const problems = error instanceof ConfigurationError ? error.problems : [String(error)]
      return { successful: false, problems }
    }
  }
}

// A key that cannot change at run time keeps its value, so that `current` shows the values that are really used.
function adopt(current: Configuration, read: Configuration) {
  const changed = listConfigurationKeys().filter(
    ({ path }) => JSON.stringify(valueAt(current, path)) !== JSON.stringify(valueAt(read, path)),
  )
  const next = structuredClone(current)
  for (const { path, reload } of changed) if (reload) setValueAt(next, path, valueAt(read, path))
  return {
    next,
    changed: changed.filter(({ reload }) => reload).map(({ key }) => key),
    waiting: changed.filter(({ reload }) => !reload).map(({ key }) => key),
  }
}
