/** When deliveries are held back because downstream is away. */
interface BreakerLimits {
  /** Failures one after the other that open the circuit; 0 never opens it. */
  readonly failures: () => number
  /** The wait until the next try, in milliseconds, after so many tries in vain. */
  readonly wait: (triesInVain: number) => number
  readonly now: () => number
  readonly onChange: (isOpen: boolean) => void
}

/**
 * Spares a downstream that is away. After some failures one after the other, the circuit opens: no attempt begins until a wait is over, and
 * then a single one. When it succeeds, twice as many may be under way at once, then four times, until all are allowed again.
 */
export class CircuitBreaker {
  readonly #limits: BreakerLimits
  #failures = 0
  #triesInVain = 0
  #openUntil = 0
  #allowed = Number.POSITIVE_INFINITY
  #underWay = 0

  constructor(limits: BreakerLimits) {
    this.#limits = limits
  }

  /** Whether attempts are held back, all or some of them. */
  get isOpen(): boolean {
    return this.#allowed !== Number.POSITIVE_INFINITY
  }

  /** Milliseconds until an attempt may begin; 0 when it may begin now. */
  get delay(): number {
    if (!this.isOpen || this.#underWay < this.#allowed) return Math.max(0, this.#openUntil - this.#limits.now())
    return Math.max(retryAtRamp, this.#openUntil - this.#limits.now())
  }

  /** Begins an attempt. Call the returned function with how it ended: by an outage, or not. */
  begin(): (outcome: 'answered' | 'outage' | 'broken-off') => void {
    this.#underWay += 1
    return outcome => {
      this.#underWay -= 1
      if (outcome === 'answered') this.#succeed()
      if (outcome === 'outage') this.#fail()
    }
  }

  #succeed(): void {
    this.#failures = 0
    if (!this.isOpen) return
    this.#triesInVain = 0
    this.#openUntil = 0
    this.#allowed *= 2
    if (this.#allowed <= mostAtOnce) return
    this.#allowed = Number.POSITIVE_INFINITY
    this.#limits.onChange(false)
  }

  #fail(): void {
    this.#failures += 1
    const limit = this.#limits.failures()
    if (limit === 0 || (!this.isOpen && this.#failures < limit)) return
    const wasOpen = this.isOpen
    this.#triesInVain += 1
    this.#allowed = 1
    this.#openUntil = this.#limits.now() + this.#limits.wait(this.#triesInVain)
    if (!wasOpen) this.#limits.onChange(true)
  }
}

// As many deliveries as a worker can have under way.
const mostAtOnce = 100
const retryAtRamp = 200
