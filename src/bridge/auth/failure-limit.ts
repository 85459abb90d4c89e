/** Milliseconds over which failures are counted. */
const span = 60_000
const mostAddresses = 10_000

/** Counts wrong keys by address, so that nobody can try many (OWASP ASVS 6.3.1). */
export class FailureLimit {
  readonly #max: () => number
  readonly #failures = new Map<string, { readonly since: number; count: number }>()

  constructor(max: () => number) {
    this.#max = max
  }

  /** Whether an address has to wait; at most a minute. */
  isReached(address: string): boolean {
    const known = this.#failures.get(address)
    return known !== undefined && Date.now() - known.since < span && known.count >= this.#max()
  }

  /** Counts one failure. */
  count(address: string): void {
    const known = this.#failures.get(address)
    if (known !== undefined && Date.now() - known.since < span) {
      known.count += 1
      return
    }
    // The oldest goes first: memory stays bounded, whoever comes from wherever.
    const [oldest] = this.#failures.keys()
    if (oldest !== undefined && this.#failures.size >= mostAddresses) this.#failures.delete(oldest)
    this.#failures.delete(address)
    this.#failures.set(address, { since: Date.now(), count: 1 })
  }
}
