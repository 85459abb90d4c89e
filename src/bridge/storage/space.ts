import { mostUnwritten } from './bytes.ts'
import { readSpace, uploadFiles } from './layout.ts'
import { listUnacknowledged, readInfo, statIfThere, type UploadInfo } from './partials.ts'
import { SharedWork } from './shared-work.ts'

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

/** How many bytes of unknown length may arrive before the room is looked at again. */
const step = 2 * 1024 * 1024

/** What an upload whose length nobody told is promised at any time: what it may write before it looks at the room again. */
const allowance = step + mostUnwritten

/** How many milliseconds after its info file the data of an upload is there at the latest. */
const beginsWithin = 60_000

/** One look at the volume. Those who asked for it at the same time share it, and each counts what it takes. */
interface Look {
  readonly available: number
  /** What each upload that has begun still expects, by id. Without a close look it may be less. */
  readonly expected: ReadonlyMap<string, number>
  /** What uploads expect that have their promise. */
  promised: number
}

/** Promises the free bytes of the volume to uploads, and each byte only once. */
export class Space {
  readonly #room: SpaceRoom
  /** The bytes of each whole upload, by id; Infinity for a form whose length nobody told. */
  readonly #totals = new Map<string, number>()
  /** Uploads of this process without a promise: they wait for it, or it was refused and what they began is being undone. */
  readonly #waiting = new Set<string>()
  readonly #refused = new Set<string>()
  readonly #looks = new SharedWork(() => this.#measure())
  #isNextClose = false

  constructor(room: SpaceRoom) {
    this.#room = room
  }

  /** The bytes that uploads which have begun still expect. */
  async promised(): Promise<number> {
    return (await this.#look(true)).promised
  }

  /**
   * Begins an upload: `begin` writes down what it expects, and returns it. Only then is the room looked at, so that other processes see the
   * promise. Throws a NoRoomError when there is too little. Whatever is thrown, `undo` has taken back what `begin` did.
   */
  async claim(id: string, begin: () => Promise<UploadInfo>, undo: () => Promise<unknown>): Promise<void> {
    this.#waiting.add(id)
    try {
      this.#remember(id, await begin())
      await this.#take(id)
    } catch (error) {
      this.#refused.add(id)
      this.#totals.delete(id)
      await undo()
      this.#refused.delete(id)
      throw error
    } finally {
      this.#waiting.delete(id)
    }
  }

  /** Passes bytes on that nobody announced, for as long as they leave what is promised to others. Then it throws a NoRoomError. */
  async *withinRoom(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let allowed = 0
    for await (const chunk of bytes) {
      if (chunk.byteLength > allowed) {
        await this.#take(undefined)
        allowed = step
      }
      allowed -= chunk.byteLength
      yield chunk
    }
  }

  // A close look at thousands of uploads takes a while, and is needed only when there might be too little room.
  async #take(id: string | undefined): Promise<void> {
    for (const isClose of [false, true]) {
      const look = await this.#look(isClose)
      const promised = look.promised + (look.expected.get(id ?? '') ?? 0)
      if (look.available - promised >= this.#room.reserve()) {
        look.promised = promised
        return
      }
      if (isClose) throw new NoRoomError(look.available, promised)
    }
  }

  // Everything that was written down before the call is seen.
  #look(isClose: boolean): Promise<Look> {
    this.#isNextClose ||= isClose
    return this.#looks.ask()
  }

  async #measure(): Promise<Look> {
    const isClose = this.#isNextClose
    this.#isNextClose = false
    const [{ available }, expected] = await Promise.all([readSpace(this.#room.folder), this.#readAllExpected(isClose)])
    let promised = 0
    for (const [id, bytes] of expected) if (!(this.#waiting.has(id) || this.#refused.has(id))) promised += bytes
    return { available, expected, promised }
  }

  async #readAllExpected(isClose: boolean): Promise<ReadonlyMap<string, number>> {
    const { open } = await listUnacknowledged(this.#room.folder)
    const known = new Set(open)
    for (const id of this.#totals.keys()) if (!known.has(id)) this.#totals.delete(id)
    for (const id of this.#refused) if (!known.has(id)) this.#refused.delete(id)
    return new Map(await Promise.all(open.map(async id => [id, await this.#stillExpected(id, isClose)] as const)))
  }

  async #stillExpected(id: string, isClose: boolean): Promise<number> {
    const files = uploadFiles(this.#room.folder, id)
    const total = this.#totals.get(id) ?? (await this.#readTotal(id, files.open))
    if (total === 0 || !isClose) return expectedBehind(0, total)
    const data = await statIfThere(files.data)
    if (data !== undefined) return expectedBehind(data.size, total)
    // The info file comes first. Without data long after it, somebody deleted the data, and nothing can arrive any more.
    const info = await statIfThere(files.open)
    return info === undefined || Date.now() - info.mtimeMs > beginsWithin ? 0 : expectedBehind(0, total)
  }

  // Nothing is expected of an upload that is gone.
  async #readTotal(id: string, path: string): Promise<number> {
    const info = await readInfo(path).catch(() => undefined)
    return info === undefined ? 0 : this.#remember(id, info)
  }

  // A length that was told never changes. Of an upload without one, only a tus upload may tell it later.
  #remember(id: string, info: UploadInfo): number {
    const total = info.size ?? info.announced ?? Number.POSITIVE_INFINITY
    if (info.kind === 'multipart' || Number.isFinite(total)) this.#totals.set(id, total)
    return total
  }
}

/** The bytes that an upload still expects of which so many are written. */
function expectedBehind(written: number, total: number): number {
  return Number.isFinite(total) ? Math.max(0, total - written) : allowance
}
