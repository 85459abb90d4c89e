import { listConfigurationKeys, setValueAt, valueAt } from './keys.ts'
import { ConfigurationError } from './load-configuration.ts'
import type { Configuration } from './schema.ts'

/** How reading the configuration again ended. */
export type Reload =
  | {
      readonly successful: true
      /** Keys that have another value now. */
      readonly changed: readonly string[]
      /** Keys that were changed, and take effect only with the next start. */
      readonly waiting: readonly string[]
    }
  | { readonly successful: false; readonly problems: readonly string[] }

/** The configuration in force; a wrong one never takes the place of a right one. */
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

  /** Ask each time: it may have been replaced since. */
  get current(): Configuration {
    return this.#current
  }

  /** Whether the last attempt to read it succeeded, and when one last did. */
  get last(): { readonly successful: boolean; readonly succeededAt: Date } {
    return this.#last
  }

  /** Asks before a configuration is taken; whoever throws refuses it, as when a file that it names cannot be used. */
  beforeReload(check: (next: Configuration) => void): void {
    this.#checks.add(check)
  }

  /** Calls back after every successful reload, also one that changes nothing: files that it names may have changed. Returns how to end that. */
  onReload(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads it again; one reload at a time. */
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

// What cannot change at run time keeps its value, so that the configuration in force is always the one that is used.
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
