import type { Logger } from 'pino'
import { type Admission, readAdmission } from '../admission/admission.ts'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { readSpace } from '../storage/layout.ts'
import { requestContext } from '../telemetry/log.ts'

/** Admits a new upload of a size in bytes, or throws a problem with the reason. */
export type AdmitUpload = (size: number) => Promise<void>

/** The parts of the service that the decision about a new upload needs. */
interface AdmissionRoom {
  readonly live: LiveConfiguration
  readonly quota: Quota
  readonly isDatabaseUp: () => boolean
  readonly log: Logger
}

/** Makes the function that decides about every new upload: size, closed admission, free space, database, quota. */
export function createAdmitUpload(room: AdmissionRoom): AdmitUpload {
  return async size => {
    const { storage, state } = room.live.current
    if (size > storage.maxUploadSize) {
      throw new BridgeProblem('upload-too-large', { detail: `At most ${storage.maxUploadSize} bytes are allowed` })
    }
    const admission = await readAdmissionOrOpen(state.path, room.log)
    if (!admission.open) {
      const code = admission.reason === 'storage' ? 'admission-closed-storage' : 'admission-closed'
      throw new BridgeProblem(code, { retryAfter: admission.retryAfter })
    }
    const { available } = await readSpace(storage.path)
    if (available < size + storage.reserve) {
      throw new BridgeProblem('storage-insufficient', { detail: `${available} bytes are free`, retryAfter: 30 })
    }
    if (!room.isDatabaseUp()) throw new BridgeProblem('database-unavailable')
    const client = requestContext.getStore()?.client
    if (client !== undefined) await room.quota.admit(client, size)
  }
}

async function readAdmissionOrOpen(statePath: string, log: Logger): Promise<Admission> {
  try {
    return await readAdmission(statePath)
  } catch (error) {
    log.warn({ error }, 'the admission switch cannot be read; admitting')
    return { open: true }
  }
}

const mostClients = 10_000

interface Used {
  readonly since: number
  uploads: number
  bytes: number
}

/** The quota of each client (OWASP ASVS 5.2.4). Each process counts only the uploads that it admits itself. */
export class Quota {
  readonly #live: LiveConfiguration
  readonly #bytesAtRest: (client: string) => Promise<number>
  readonly #used = new Map<string, Used>()

  constructor(live: LiveConfiguration, bytesAtRest: (client: string) => Promise<number>) {
    this.#live = live
    this.#bytesAtRest = bytesAtRest
  }

  /** Counts a new upload of this many bytes, or throws a problem when it exceeds the quota. */
  async admit(client: string, bytes: number): Promise<void> {
    const { limits } = this.#live.current
    const used = this.#current(client)
    const isOver =
      exceeds(used.uploads + 1, limits.uploadsPerWindow) || exceeds(used.bytes + bytes, limits.bytesPerWindow)
    if (isOver) {
      const retryAfter = Math.max(1, Math.ceil((used.since + limits.window - performance.now()) / 1000))
      throw new BridgeProblem('quota-exceeded', { retryAfter })
    }
    if (limits.bytesAtRest > 0 && exceeds((await this.#bytesAtRest(client)) + bytes, limits.bytesAtRest)) {
      throw new BridgeProblem('quota-storage-exceeded', { retryAfter: 60 })
    }
    used.uploads += 1
    used.bytes += bytes
  }

  /** Counts bytes beyond the announced size. */
  add(client: string, bytes: number): void {
    this.#current(client).bytes += bytes
  }

  #current(client: string): Used {
    const known = this.#used.get(client)
    if (known !== undefined && performance.now() - known.since < this.#live.current.limits.window) return known
    // The oldest goes first: memory stays bounded, however many clients come.
    const [oldest] = this.#used.keys()
    if (oldest !== undefined && this.#used.size >= mostClients) this.#used.delete(oldest)
    const fresh = { since: performance.now(), uploads: 0, bytes: 0 }
    this.#used.delete(client)
    this.#used.set(client, fresh)
    return fresh
  }
}

function exceeds(amount: number, limit: number): boolean {
  return limit > 0 && amount > limit
}
