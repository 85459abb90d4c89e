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

/** Promises the free bytes of the volume to uploads, and each byte only once. */
export class Space {
  readonly #room: SpaceRoom
  readonly #expected = new Map<string, number>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(room: SpaceRoom) {
    this.#room = room
  }

  /** The bytes that uploads which have begun still expect. */
  async promised(): Promise<number> {
    const { open } = await listUnacknowledged(this.#room.folder)
    const known = new Set(open)
    for (const id of this.#expected.keys()) if (!known.has(id)) this.#expected.delete(id)
    let bytes = 0
    for (const id of open) bytes += await this.#stillExpected(id)
    return bytes
  }

  /**
   * Begins an upload: `begin` writes down what it expects. Only then is the room looked at, so that other processes see the promise. Throws
   * a NoRoomError when there is too little; the caller then removes what was begun.
   */
  claim(begin: () => Promise<void>): Promise<void> {
    const claimed = this.#turn.then(async () => {
      await begin()
      await this.#assertRoom(this.#room.reserve())
    })
    this.#turn = claimed.catch(() => {})
    return claimed
  }

  /** Passes bytes on that nobody announced, for as long as they leave what is promised to others. Then it throws a NoRoomError. */
  async *withinRoom(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let unseen = step
    for await (const chunk of bytes) {
      unseen += chunk.byteLength
      if (unseen >= step) {
        await this.#assertRoom(this.#room.reserve())
        unseen = 0
      }
      yield chunk
    }
  }

  async #assertRoom(reserve: number): Promise<void> {
    const [{ available }, promised] = await Promise.all([readSpace(this.#room.folder), this.promised()])
    if (available - promised < reserve) throw new NoRoomError(available, promised)
  }

  async #stillExpected(id: string): Promise<number> {
    const files = uploadFiles(this.#room.folder, id)
    const expected = this.#expected.get(id) ?? (await this.#readExpected(id, files.open))
    return expected === undefined ? 0 : Math.max(0, expected - (await sizeOf(files.data)))
  }

  // What an upload expects never changes once it is known.
  async #readExpected(id: string, path: string): Promise<number | undefined> {
    const info = await readInfo(path).catch(() => undefined)
    const expected = info?.size ?? info?.announced
    if (expected !== undefined) this.#expected.set(id, expected)
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
