/**
 * Work that covers everything that was done before it began, such as a sync. Who asks while it is under way may have come too late for it, and
 * waits for the next one. All who wait share that.
 */
export class SharedWork<Result> {
  readonly #work: () => Promise<Result>
  #current: Promise<unknown> = Promise.resolve()
  #next: Promise<Result> | undefined

  constructor(work: () => Promise<Result>) {
    this.#work = work
  }

  /** Waits for work that begins after this call. */
  ask(): Promise<Result> {
    this.#next ??= this.#current.then(() => {
      this.#next = undefined
      const work = this.#work()
      this.#current = work.catch(() => {})
      return work
    })
    return this.#next
  }
}
