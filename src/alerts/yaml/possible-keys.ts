import { type Mark, YamlError } from './token.ts'

/** A place where a key without `?` may begin: what it is shows only at the `:` behind it. */
export interface PossibleKey {
  possible: boolean
  readonly required: boolean
  readonly number: number
  readonly mark: Mark
}

/** A key without `?` is on one line, and not longer than this. */
const LONGEST_KEY = 1024

/** The places where keys may begin, one for each level of flow collections. */
export class PossibleKeys {
  readonly #keys: PossibleKey[] = []
  /** The numbers of tokens that wait until it shows whether they begin a key. */
  readonly #waiting = new Set<number>()

  /** Enters a level, whose first token has this number. */
  enter(number: number, mark: Mark): void {
    this.#keys.push({ possible: false, required: false, number, mark })
  }

  /** Leaves a level. Its collection no longer waits: as a key it is known only while libyaml looks ahead anyway. */
  leave(): void {
    this.#waiting.delete(this.#keys.pop()?.number ?? -1)
  }

  save(key: PossibleKey): void {
    this.remove()
    this.#keys.splice(-1, 1, key)
    this.#waiting.add(key.number)
  }

  /** Throws a `YamlError` when there has to be a key. */
  remove(): void {
    const key = this.#keys.at(-1)
    if (!key?.possible) return
    if (key.required) throw new YamlError("could not find expected ':'", key.mark)
    this.#end(key)
  }

  /** Whether a token may still turn out to begin a key. */
  isWaiting(number: number, here: Mark): boolean {
    if (!this.#waiting.has(number)) return false
    const key = this.#keys.find(({ possible, number: own }) => possible && own === number)
    return key !== undefined && this.#isStill(key, here)
  }

  /** The key that a `:` here ends, if there is one. */
  take(here: Mark): PossibleKey | undefined {
    const key = this.#keys.at(-1)
    if (!key || !this.#isStill(key, here)) return undefined
    this.#end(key)
    return key
  }

  #end(key: PossibleKey): void {
    key.possible = false
    this.#waiting.delete(key.number)
  }

  #isStill(key: PossibleKey, { line, index }: Mark): boolean {
    if (!key.possible) return false
    if (key.mark.line >= line && key.mark.index + LONGEST_KEY >= index) return true
    if (key.required) throw new YamlError("could not find expected ':'", key.mark)
    key.possible = false
    return false
  }
}
