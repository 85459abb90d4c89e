import { refuseLinkOutside, refuseOutside } from './outside.ts'
import { isTarHeader } from './recognise.ts'
import { ArchiveRefusedError, type Tally } from './tally.ts'

const blockSize = 512
// The longest name, or list of properties, of a member.
const longestText = 1024 * 1024

/** Goes through the members of a tar archive, and gives their bytes to `look`. Throws an ArchiveRefusedError when it is not acceptable. */
export async function readTar(
  bytes: AsyncIterable<Buffer>,
  tally: Tally,
  look: (member: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const source = new Blocks(bytes)
  let said: Said = {}
  for (;;) {
    const header = await source.take(blockSize)
    // Two blocks of zeros end it. What follows is no member.
    if (header.length < blockSize || header.every(byte => byte === 0)) return source.drain()
    if (!isTarHeader(header)) throw new ArchiveRefusedError('it cannot be read: the header of a member is damaged')
    const type = header.toString('latin1', 156, 157)
    const size = said.size ?? readNumber(header.subarray(124, 136))
    if ('xgLK'.includes(type)) {
      if (size > longestText) throw new ArchiveRefusedError(`it has a name or property of ${size} bytes`)
      said = { ...said, ...readText(type, await source.take(size)) }
    } else {
      tally.addEntry()
      const name = said.name ?? readName(header)
      refuseOutside(name)
      const target = said.target ?? textOf(header.subarray(157, 257))
      // A hard link is named from the folder into which all is unpacked.
      if (type === '1') refuseOutside(target)
      if (type === '2') refuseLinkOutside(name, target)
      await look(source.next(size))
      said = {}
    }
    await source.take(-size & (blockSize - 1))
  }
}

/** What members without bytes of their own say of the next one. */
interface Said {
  readonly name?: string
  readonly target?: string
  readonly size?: number
}

function readText(type: string, bytes: Buffer): Said {
  if (type === 'L') return { name: textOf(bytes) }
  if (type === 'K') return { target: textOf(bytes) }
  const find = (key: string) => new RegExp(`(?:^|\\n)\\d+ ${key}=([^\\n]*)\\n`).exec(bytes.toString())?.[1]
  const [name, target, size] = ['path', 'linkpath', 'size'].map(find)
  return {
    ...(name === undefined ? {} : { name }),
    ...(target === undefined ? {} : { target }),
    ...(size === undefined ? {} : { size: demandSize(Number(size)) }),
  }
}

function readName(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? textOf(header.subarray(345, 500)) : ''
  const name = textOf(header.subarray(0, 100))
  return prefix === '' ? name : `${prefix}/${name}`
}

function textOf(bytes: Buffer): string {
  return bytes.toString().replace(/\0.*$/s, '')
}

// Large numbers are binary, and then the first bit is set.
function readNumber(field: Buffer): number {
  const isBinary = ((field[0] ?? 0) & 0x80) !== 0
  const digits = textOf(field).trim()
  return demandSize(isBinary ? Number(`0x${field.subarray(1).toString('hex')}`) : Number.parseInt(digits || '0', 8))
}

function demandSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) throw new ArchiveRefusedError('it cannot be read: a size is no number')
  return size
}

/** Cuts a stream into pieces of wanted lengths. */
class Blocks {
  readonly #source: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#source = bytes[Symbol.asyncIterator]()
  }

  /** The next bytes, in memory; fewer only at the end. */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.next(length)) parts.push(part)
    return Buffer.concat(parts)
  }

  /** The next bytes. All of them have passed when the iteration is over, whether they were wanted or not. */
  async *next(length: number): AsyncGenerator<Buffer> {
    let left = length
    try {
      while (left > 0) {
        const part = await this.#upTo(left)
        if (part.length === 0) return
        left -= part.length
        yield part
      }
    } finally {
      for (; left > 0; ) {
        const part = await this.#upTo(left)
        if (part.length === 0) break
        left -= part.length
      }
    }
  }

  /** Reads to the end. */
  async drain(): Promise<void> {
    while ((await this.#upTo(Number.MAX_SAFE_INTEGER)).length > 0);
  }

  async #upTo(length: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#source.next()
      if (done) return Buffer.alloc(0)
      this.#rest = value
    }
    const part = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(part.length)
    return part
  }
}
