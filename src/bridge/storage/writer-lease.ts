import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, lutimes, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isMissing } from './error-code.ts'
import { uploadFiles } from './layout.ts'
import { FreezeWatch, isThere, leasePath, makeLink, readLeases, readLink, wantedPath } from './lease-links.ts'
import { describeProcess, isDead } from './process-identity.ts'
import { removeFile, syncFolder } from './replace-file.ts'

/** Another process works on this upload and does not end. */
export class LeaseRefusedError extends Error {
  constructor(id: string) {
    super(`another process works on upload ${id}`)
    this.name = 'LeaseRefusedError'
  }
}

/** How a lease is waited for. */
interface LeaseRequest {
  /** Ends the wait. */
  readonly signal: AbortSignal
  /** Called when another process wants the lease. Without it, this request does not ask another process to give its lease back. */
  readonly onWanted?: () => void
}

interface Held {
  /** Whether this process has the lease; false after a wait in vain and when it was given back. */
  ready: Promise<boolean>
  users: number
  /** Our lease and those that it took over from, the oldest first. */
  leases: readonly string[]
  lastBeat: number
  readonly token: string
  readonly wanted: Set<() => void>
}

const beatInterval = 500

/**
 * Lets one process at a time write to an upload or seal it. A lease is a link beside the upload, `ID.writer.1`, because links are made
 * exclusively on every file system, need neither free blocks nor the database, and tell who made them. Who takes over from a process that
 * may still live first copies the bytes into a new file: the old process can then only write into a file that has no name any more.
 */
export class WriterLeases {
  readonly #folder: string
  readonly #frozenAfter: number
  readonly #held = new Map<string, Held>()
  /** Leases of this process that it did not dare to remove, because it was frozen. Nobody holds them. */
  readonly #abandoned = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  /** A process whose lease shows no sign of life for `frozenAfter` milliseconds is taken for frozen. */
  constructor(folder: string, frozenAfter = 10_000) {
    this.#folder = folder
    this.#frozenAfter = frozenAfter
  }

  /**
   * Waits for the lease of an upload. Callers of the same process share it. Returns the function that gives it back. Throws a
   * LeaseRefusedError when the signal comes first.
   */
  async acquire(id: string, request: LeaseRequest): Promise<() => Promise<void>> {
    const { onWanted } = request
    for (let held = this.#held.get(id); held !== undefined; held = this.#held.get(id)) {
      if ((await held.ready) && held.users > 0) {
        held.users += 1
        return this.#giveBack(id, held, onWanted)
      }
      if (request.signal.aborted) throw new LeaseRefusedError(id)
    }
    const held: Held = {
      ready: Promise.resolve(false),
      users: 1,
      leases: [],
      lastBeat: performance.now(),
      token: `${describeProcess()} ${randomUUID()}`,
      wanted: new Set(),
    }
    this.#held.set(id, held)
    const taken = this.#take(id, held, request)
    held.ready = taken.then(
      () => true,
      () => false,
    )
    try {
      await taken
    } catch (error) {
      held.users = 0
      this.#held.delete(id)
      throw error
    }
    this.#timer ??= setInterval(() => void this.#beat(), beatInterval).unref()
    return this.#giveBack(id, held, onWanted)
  }

  /** Whether this process still has the lease. Another one took it over if this one was frozen for long. */
  async stillHas(id: string): Promise<boolean> {
    const held = this.#held.get(id)
    if (held === undefined) return false
    const { data } = uploadFiles(this.#folder, id)
    const number = held.leases.length
    const [own, next] = await Promise.all([readLink(leasePath(data, number)), readLink(leasePath(data, number + 1))])
    return own === held.token && next === undefined
  }

  #giveBack(id: string, held: Held, onWanted: (() => void) | undefined): () => Promise<void> {
    if (onWanted !== undefined) held.wanted.add(onWanted)
    let given = false
    return async () => {
      if (given) return
      given = true
      if (onWanted !== undefined) held.wanted.delete(onWanted)
      held.users -= 1
      if (held.users > 0) return
      held.ready = this.#remove(id, held).then(() => {
        this.#held.delete(id)
        return false
      })
      await held.ready
    }
  }

  async #take(id: string, held: Held, { signal, onWanted }: LeaseRequest): Promise<void> {
    const { data } = uploadFiles(this.#folder, id)
    // Almost always nobody else has it.
    if (await this.#tryTake(data, [], held)) return
    const watch = new FreezeWatch(data, this.#frozenAfter)
    for (let turn = 0; ; turn += 1) {
      const leases = await readLeases(data)
      const top = leases.at(-1)
      if (top === undefined || this.#isOver(top) || (await watch.isFrozen(leases))) {
        if (await this.#tryTake(data, leases, held)) return removeFile(wantedPath(data))
      } else if (onWanted !== undefined && turn > 0) await makeLink(top, wantedPath(data))
      if (signal.aborted) throw new LeaseRefusedError(id)
      await wait(Math.min(50, 5 * 2 ** Math.min(turn, 5)), undefined, { signal }).catch(() => {})
    }
  }

  async #tryTake(data: string, found: readonly string[], held: Held): Promise<boolean> {
    const number = found.length + 1
    const own = leasePath(data, number)
    if (!(await makeLink(held.token, own))) return false
    const below = await Promise.all(found.map((_lease, index) => readLink(leasePath(data, index + 1))))
    if (below.some((lease, index) => lease !== found[index]) || (await isThere(leasePath(data, number + 1)))) {
      await removeFile(own)
      return false
    }
    try {
      if (!found.every(lease => this.#isOver(lease))) await copyAnew(data)
    } catch (error) {
      await removeFile(own)
      throw error
    }
    held.leases = [...found, held.token]
    held.lastBeat = performance.now()
    return true
  }

  async #remove(id: string, held: Held): Promise<void> {
    if (this.#wasFrozen(held)) {
      this.#abandoned.add(held.token)
      return
    }
    const { data } = uploadFiles(this.#folder, id)
    for (const [index, lease] of held.leases.entries()) {
      const path = leasePath(data, index + 1)
      if ((await readLink(path)) === lease) await removeFile(path)
    }
  }

  #isOver(lease: string): boolean {
    return this.#abandoned.has(lease) || isDead(lease)
  }

  // Somebody may have taken over from a process that was frozen, and what has the name of its lease may be theirs.
  #wasFrozen(held: Held): boolean {
    return performance.now() - held.lastBeat > this.#frozenAfter / 2
  }

  async #beat(): Promise<void> {
    for (const [id, held] of this.#held) {
      if (held.leases.length === 0 || held.users === 0 || this.#wasFrozen(held)) continue
      const { data } = uploadFiles(this.#folder, id)
      const now = new Date()
      try {
        await lutimes(leasePath(data, held.leases.length), now, now)
        held.lastBeat = performance.now()
        const wanted = await readLink(wantedPath(data))
        if (wanted !== undefined) await removeFile(wantedPath(data))
        // It may have been asked of a holder before.
        if (wanted === held.token) for (const listener of held.wanted) listener()
      } catch {
        // The next beat tries again. Without beats another process takes over, and copies the bytes first.
      }
    }
    if (this.#held.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

async function copyAnew(data: string): Promise<void> {
  const temporary = `${data}.${randomUUID()}.tmp`
  try {
    await copyFile(data, temporary, constants.COPYFILE_FICLONE)
    const file = await open(temporary, 'r+')
    await file.datasync().finally(() => file.close())
    await rename(temporary, data)
  } catch (error) {
    await rm(temporary, { force: true })
    if (!isMissing(error)) throw error
  }
  await syncFolder(dirname(data))
}
