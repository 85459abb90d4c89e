import type { Logger } from 'pino'
import { type Admission, readAdmission } from '../admission/admission.ts'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { readSpace } from '../storage/space.ts'
import { requestContext } from '../telemetry/request-context.ts'
import type { Quota } from './quota.ts'

/** Lets a new upload of a size in bytes begin, or throws the problem that says why not. */
export type AdmitUpload = (size: number) => Promise<void>

/** What admission looks at. */
export interface AdmissionRoom {
  readonly live: LiveConfiguration
  readonly quota: Quota
  readonly isDatabaseUp: () => boolean
  readonly log: Logger
}

/** Makes the function that decides on every new upload: size, switch, room on the volume, database, quota. */
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
