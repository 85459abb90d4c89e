import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import {
  findUnread,
  isQueueBusy,
  listAtRest,
  recordDamage,
  recordWhole,
  type UploadAtRest,
} from '../database/scrub-state.ts'
import { isMissing } from '../storage/error-code.ts'
import { describeOtherBytes, findDamage } from '../storage/find-damage.ts'
import { uploadFiles } from '../storage/layout.ts'
import type { WorkerRoom } from './deliver.ts'
import type { ScrubMetrics } from './metrics.ts'

/** The parts of the service that the scrub needs. */
interface ScrubRoom extends WorkerRoom {
  readonly scrubMetrics: ScrubMetrics
}

const longestPause = 60_000
const chunkSize = 1024 * 1024
/** A volume that takes longer, in milliseconds, for one chunk is busy. */
const busyAfter = 100
const busyPause = 5000

/**
 * Looks again and again whether every acknowledged upload that is not delivered is on the volume as it was acknowledged: all files by their
 * size each minute, and their bytes each `storage.scrub.every`, those first that nobody has read for the longest time. So it goes on where it
 * was when it starts again. It waits while the queue or the volume is busy. `mayScrub` is true for one worker of the deployment.
 */
export async function scrub(room: ScrubRoom, mayScrub: () => Promise<boolean>, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const { every } = room.configuration.storage.scrub
    try {
      if (await mayScrub()) await scrubOnce(room, ended)
    } catch (error) {
      if (ended.aborted) return
      room.log.warn({ error }, 'the uploads on the volume could not be looked at; trying again later')
    }
    await pause(Math.min(longestPause, Math.max(200, every / 4)), ended)
  }
}

async function scrubOnce(room: ScrubRoom, ended: AbortSignal): Promise<void> {
  await findAllMissing(room, ended)
  const unread = () => {
    const { rate, every } = room.configuration.storage.scrub
    return rate === 0 ? undefined : findUnread(room.pool, every)
  }
  for (let upload = await unread(); upload !== undefined; upload = await unread()) {
    const damage = await readAll(room, upload, ended)
    if (ended.aborted) return
    if (damage === undefined) await recordWhole(room.pool, upload.id)
    else await report(room, upload.id, damage)
    room.scrubMetrics.countChecked()
  }
  if (room.configuration.storage.scrub.rate > 0) room.scrubMetrics.succeed()
}

async function findAllMissing(room: ScrubRoom, ended: AbortSignal): Promise<void> {
  let last = ''
  for (;;) {
    await untilIdle(room, ended)
    const uploads = await listAtRest(room.pool, last)
    for (const { id, size } of uploads) {
      if (ended.aborted) return
      const damage = await findDamage(uploadFiles(room.folder, id).data, size)
      if (damage !== undefined) await report(room, id, damage)
      last = id
    }
    if (uploads.length === 0) return
  }
}

async function report(room: ScrubRoom, id: string, reason: string): Promise<void> {
  if (!(await recordDamage(room.pool, id, reason))) return
  room.scrubMetrics.countDamaged()
  room.log.error({ 'upload.id': id, reason }, 'an acknowledged upload is damaged; holding it')
}

/** Reads a whole file, never faster than `storage.scrub.rate`. Returns what is wrong with it. */
async function readAll(
  room: ScrubRoom,
  { id, size, sha256 }: UploadAtRest,
  ended: AbortSignal,
): Promise<string | undefined> {
  const path = uploadFiles(room.folder, id).data
  const damage = await findDamage(path, size)
  if (damage !== undefined) return damage
  const file = await open(path, 'r').catch(error => {
    if (!isMissing(error)) throw error
  })
  if (file === undefined) return findDamage(path, size)
  try {
    const found = await hashSlowly(room, file, ended)
    return found === sha256 ? undefined : describeOtherBytes(found, sha256)
  } finally {
    await file.close()
  }
}

async function hashSlowly(room: ScrubRoom, file: FileHandle, ended: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(chunkSize)
  const looks = { lastAt: Number.NEGATIVE_INFINITY }
  while (!ended.aborted) {
    if (performance.now() - looks.lastAt > 1000) {
      await untilIdle(room, ended)
      looks.lastAt = performance.now()
    }
    const rate = Math.max(1, room.configuration.storage.scrub.rate)
    const began = performance.now()
    const { bytesRead } = await file.read(buffer, 0, Math.min(chunkSize, rate))
    if (bytesRead === 0) break
    const took = performance.now() - began
    hash.update(buffer.subarray(0, bytesRead))
    room.scrubMetrics.countBytes(bytesRead)
    await pause(Math.max((1000 * bytesRead) / rate - took, took > busyAfter ? busyPause : 0), ended)
  }
  return hash.digest('hex')
}

async function untilIdle({ pool }: ScrubRoom, ended: AbortSignal): Promise<void> {
  while (!ended.aborted && (await isQueueBusy(pool))) await pause(200, ended)
}

async function pause(milliseconds: number, ended: AbortSignal): Promise<void> {
  if (milliseconds > 0) await wait(milliseconds, undefined, { signal: ended }).catch(() => {})
}
