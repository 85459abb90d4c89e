import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { isUploadId, uploadFiles } from '../storage/layout.ts'
import { readInfo } from '../storage/partials.ts'
import { purgePartials } from '../storage/purge-partials.ts'

/** The parts of the service that the cleaner needs. */
interface CleanerRoom {
  readonly folder: string
  /** Milliseconds since the last byte after which a partial upload expires; read each time, because it can change. */
  readonly expireAfter: () => number
  readonly log: Logger
  readonly now: () => Date
}

const longestPause = 5 * 60_000
const shortestPause = 500

/** Removes partial uploads that expired, again and again. */
export class Cleaner {
  readonly #room: CleanerRoom
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  #lastSuccess: Date | undefined

  constructor(room: CleanerRoom) {
    this.#room = room
  }

  /** When everything that had expired was last removed; undefined until the first time. */
  get lastSuccess(): Date | undefined {
    return this.#lastSuccess
  }

  /** Cleans at once and then, by how long uploads last, at least every five minutes. */
  async start(): Promise<void> {
    try {
      await this.#clean()
      this.#lastSuccess = this.#room.now()
    } catch (error) {
      this.#room.log.error({ error }, 'expired uploads could not be removed; trying again later')
    }
    if (this.#stopped) return
    const pause = Math.min(longestPause, Math.max(shortestPause, this.#room.expireAfter() / 20))
    this.#timer = setTimeout(() => void this.start(), pause)
  }

  /** Ends the cleaning. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  async #clean(): Promise<void> {
    const { folder, expireAfter, log, now } = this.#room
    const { purged } = await purgePartials(folder, { olderThan: expireAfter(), dryRun: false, now: now() })
    for (const { id, offset } of purged)
      log.info({ 'upload.id': id, 'file.size': offset }, 'a partial upload expired and was removed')
    await removeStrayLeases(folder)
  }
}

// A process that was killed leaves its lease behind. It is of no use when the upload is complete or gone.
async function removeStrayLeases(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [id = '', kind] = name.split('.')
    if (kind !== 'writer' || !isUploadId(id)) continue
    if ((await readInfo(uploadFiles(folder, id).open)) === undefined) await rm(join(folder, name), { force: true })
  }
}
