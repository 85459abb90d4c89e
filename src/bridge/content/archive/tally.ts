import type { Configuration } from '../../configuration/schema.ts'

/** How much an archive may unpack to. */
export type ArchiveLimits = Pick<Configuration['limits']['archive'], 'entries' | 'uncompressed' | 'ratio' | 'nesting'>

/** An archive is not acceptable; the message says why, with “it” for the archive. */
export class ArchiveRefusedError extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'ArchiveRefusedError'
  }
}

// So little harms nobody, whatever it was packed from: a short text of one letter has a ratio of hundreds.
const harmless = 1024 * 1024
/** The most bytes of archives inside archives that are in memory at the same time. */
const mostInMemory = 64 * 1024 * 1024

/** Counts what an archive and all archives inside it unpack to, and throws an ArchiveRefusedError at the first byte or entry too many. */
export class Tally {
  readonly #size: number
  readonly #limits: ArchiveLimits
  #entries = 0
  #unpacked = 0
  #inMemory = 0

  /** `size` is that of the archive itself, in bytes. */
  constructor(size: number, limits: ArchiveLimits) {
    this.#size = size
    this.#limits = limits
  }

  /** Counts one entry. */
  addEntry(): void {
    const { entries } = this.#limits
    this.#entries += 1
    if (this.#entries > entries) throw new ArchiveRefusedError(`it has more than ${entries} entries`)
  }

  /** Counts unpacked bytes. */
  addBytes(count: number): void {
    const { uncompressed, ratio } = this.#limits
    this.#unpacked += count
    if (this.#unpacked > uncompressed) throw new ArchiveRefusedError(`it unpacks to more than ${uncompressed} bytes`)
    if (this.#unpacked > Math.max(harmless, this.#size * ratio))
      throw new ArchiveRefusedError(`it unpacks to more than ${ratio} times its size`)
  }

  /** Passes unpacked bytes on, and counts them. */
  async *count(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of bytes) {
      this.addBytes(chunk.length)
      yield chunk
    }
  }

  /** Throws when an archive lies too deep inside others; the outermost has depth 0. */
  openAt(depth: number): void {
    const { nesting } = this.#limits
    if (depth > nesting) throw new ArchiveRefusedError(`it has archives in archives more than ${nesting} deep`)
  }

  /** Reads bytes into memory for as long as `use` needs them. Gives undefined to it when they are too many. */
  async inMemory(bytes: AsyncIterable<Buffer>, use: (all: Buffer | undefined) => Promise<void>): Promise<void> {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of bytes) {
      if (this.#inMemory + size > mostInMemory) continue
      chunks.push(chunk)
      size += chunk.length
    }
    const isWhole = this.#inMemory + size <= mostInMemory
    this.#inMemory += size
    try {
      await use(isWhole ? Buffer.concat(chunks.splice(0)) : undefined)
    } finally {
      this.#inMemory -= size
    }
  }
}
