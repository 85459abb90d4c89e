/** The beginning and the end of a file, as far as anybody looks at them. */
export interface Ends {
  readonly head: Buffer
  readonly tail: Buffer
}

/** Keeps both ends of a file while its bytes pass, so that a file that is nothing special need not be read again. */
export class EndsOfFile {
  readonly #head: Uint8Array[] = []
  #headSize = 0
  #tail: Uint8Array[] = []
  #tailSize = 0
  readonly #lengths: { readonly head: number; readonly tail: number }

  /** How many bytes are kept of each end. */
  constructor(lengths: { readonly head: number; readonly tail: number }) {
    this.#lengths = lengths
  }

  /** Takes the next bytes of the file. Nobody may change them afterwards. */
  take(chunk: Uint8Array): void {
    if (this.#headSize < this.#lengths.head) {
      this.#head.push(chunk.slice(0, this.#lengths.head - this.#headSize))
      this.#headSize += Math.min(chunk.byteLength, this.#lengths.head - this.#headSize)
    }
    this.#tail.push(chunk)
    this.#tailSize += chunk.byteLength
    for (let [first] = this.#tail; first !== undefined; [first] = this.#tail) {
      if (this.#tailSize - first.byteLength < this.#lengths.tail) return
      this.#tail.shift()
      this.#tailSize -= first.byteLength
    }
  }

  /** Both ends of what has passed. */
  get ends(): Ends {
    const tail = Buffer.concat(this.#tail)
    return { head: Buffer.concat(this.#head), tail: tail.subarray(Math.max(0, tail.length - this.#lengths.tail)) }
  }
}
