import { stat } from 'node:fs/promises'
import { isMissing } from './error-code.ts'
import { readSpace, uploadFiles } from './layout.ts'
import { listUnacknowledged, readInfo } from './partials.ts'

/** The volume has less room than was promised to uploads. */
export class NoRoomError extends Error {
  constructor(available: number, promised: number) {
    super(`${available} bytes are free, and uploads that have begun expect ${promised} of them`)
    this.name = 'NoRoomError'
  }
}

/** The room on the volume that is not promised to an upload that has begun. */
interface SpaceRoom {
  readonly folder: string
  /** Bytes that must stay free besides all that is promised; read each time, because it can change. */
  readonly reserve: () => number
}

// How many bytes of unknown length may arrive before the room is looked at again.
const step = 4 * 1024 * 1024

/** One look at the volume. Those who asked for it at the same time share it, and each counts what it takes. */
interface Look {
  readonly available: number
  /** What each upload that has begun still expects, by id. */
  readonly expected: ReadonlyMap<string, number>
  /** What uploads expect that have their promise. */
  promised: number
}

/** Promises the free bytes of the volume to uploads, and each byte only once. */
export class Space {
  readonly #room: SpaceRoom
  readonly #expected = new Map<string, number>()
  /** Uploads of this process without a promise: they wait for it, or it was refused and they are about to be removed. */
  readonly #waiting = new Set<string>()
  readonly #refused = new Set<string>()
  #current: Promise<unknown> = Promise.resolve()
  #next: Promise<Look> | undefined

  constructor(room: SpaceRoom) {
    this.#room = room
  }

  /** The bytes that uploads which have begun still expect. */
  async promised(): Promise<number> {
    return (await this.#look()).promised
  }

  /**
   * Begins an upload: `begin` writes down what it expects. Only then is the room looked at, so that other processes see the promise. Throws
   * a NoRoomError when there is too little; the caller then removes what was begun.
   */
  async claim(id: string, begin: () => Promise<void>): Promise<void> {
    this.#waiting.add(id)
    try {
      await begin()
      this.#take(await this.#look(), id)
      this.#refused.delete(id)
    } catch (error) {
      this.#refused.add(id)
      this.#expected.delete(id)
      throw error
    } finally {
      this.#waiting.delete(id)
    }
  }

  /** Passes bytes on that nobody announced, for as long as they leave what is promised to others. Then it throws a NoRoomError. */
  async *withinRoom(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let unseen = step
    for await (const chunk of bytes) {
      unseen += chunk.byteLength
      if (unseen >= step) {
        this.#take(await this.#look(), undefined)
        unseen = 0
      }
      yield chunk
    }
  }

  #take(look: Look, id: string | undefined): void {
    const promised = look.promised + (look.expected.get(id ?? '') ?? 0)
    if (look.available - promised < this.#room.reserve()) throw new NoRoomError(look.available, promised)
    look.promised = promised
  }

  // Everything that was written down before the call is seen. So whoever asks during a look waits for the next one.
  #look(): Promise<Look> {
    this.#next ??= this.#current.then(() => {
      this.#next = undefined
      const look = this.#measure()
      this.#current = look.catch(() => {})
      return look
    })
    return this.#next
  }

  async #measure(): Promise<Look> {
    const [{ available }, expected] = await Promise.all([readSpace(this.#room.folder), this.#readAllExpected()])
    let promised = 0
    for (const [id, bytes] of expected) if (!(this.#waiting.has(id) || this.#refused.has(id))) promised += bytes
    return { available, expected, promised }
  }

  async #readAllExpected(): Promise<ReadonlyMap<string, number>> {
    const { open } = await listUnacknowledged(this.#room.folder)
    const known = new Set(open)
    for (const id of this.#expected.keys()) if (!known.has(id)) this.#expected.delete(id)
    for (const id of this.#refused) if (!known.has(id)) this.#refused.delete(id)
    return new Map(await Promise.all(open.map(async id => [id, await this.#stillExpected(id)] as const)))
  }

  async #stillExpected(id: string): Promise<number> {
    const files = uploadFiles(this.#room.folder, id)
    const expected = this.#expected.get(id) ?? (await this.#readExpected(id, files.open))
    return expected === 0 ? 0 : Math.max(0, expected - (await sizeOf(files.data)))
  }

  // What an upload expects never changes once it is known. Only a tus upload may tell it later.
  async #readExpected(id: string, path: string): Promise<number> {
    const info = await readInfo(path).catch(() => undefined)
    const expected = info?.size ?? info?.announced ?? 0
    if (expected > 0 || info?.kind === 'multipart') this.#expected.set(id, expected)
    return expected
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isMissing(error)) return 0
    throw error
  }
}
