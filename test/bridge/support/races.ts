import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createByTus, getUpload, type Sample, sample } from './clients.ts'

/** What became of races: how many ended with an acknowledgement, and which of these with other bytes than acknowledged. */
export interface RaceResults {
  readonly races: number
  readonly acknowledged: number
  /** Races in which an acknowledged writer's bytes are not those that the service recorded, or not those on the volume. */
  readonly damaged: readonly string[]
  /** How often each status was answered to a writer; 0 is a connection that broke. */
  readonly statuses: Readonly<Record<number, number>>
}

/**
 * Writes one upload through two to four processes at once, with other bytes through each, so many times. When `proxy` is given, the writers
 * go through it, and it gives each to a process.
 */
export async function race(
  urls: readonly string[],
  storagePath: string,
  count: number,
  proxy?: string,
): Promise<RaceResults> {
  const results = { races: 0, acknowledged: 0, damaged: [] as string[], statuses: {} as Record<number, number> }
  const runner = async () => {
    while (results.races < count) {
      results.races += 1
      const number = results.races
      const chosen = urls.map((_, index) => urls[(index + number) % urls.length] ?? '').slice(0, 2 + (number % 3))
      const { id, writers } = await raceOnce(chosen, proxy)
      for (const { status } of writers) results.statuses[status] = (results.statuses[status] ?? 0) + 1
      const acknowledged = writers.filter(({ status }) => status === 204)
      if (acknowledged.length === 0) continue
      results.acknowledged += 1
      const { sha256, state, offset } = await getUpload(chosen[0] ?? '', id)
      const kept = hash(await readFile(join(storagePath, 'uploads', id)))
      if (acknowledged.some(writer => writer.sha256 !== sha256) || kept !== sha256)
        results.damaged.push(`${id} ${state} at ${offset}, ${acknowledged.map(({ size }) => size)}`)
    }
  }
  await Promise.all([1, 2, 3, 4, 5, 6].map(runner))
  return results
}

async function raceOnce(urls: readonly string[], proxy: string | undefined) {
  const size = 150_000 + Math.floor(Math.random() * 100_000)
  const id = await createByTus(urls[0] ?? '', size)
  const writers = await Promise.all(
    urls.map(async url => {
      const own = sample(size)
      return { status: await writeInPieces(proxy ?? url, id, own), sha256: own.sha256, size }
    }),
  )
  return { id, writers }
}

/** Sends all bytes of an upload in one PATCH, in pieces after waits of their own. Gives the status, 0 when the connection broke. */
async function writeInPieces(url: string, id: string, { bytes }: Sample): Promise<number> {
  await wait(Math.random() * 10)
  const answer = new Promise<number>(resolve => {
    const address = new URL(`/files/${id}`, url)
    const patch = (address.protocol === 'https:' ? requestHttps : requestHttp)(address, {
      method: 'PATCH',
      agent: false,
      rejectUnauthorized: false,
      headers: {
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': '0',
        'Content-Type': 'application/offset+octet-stream',
        'Content-Length': bytes.length,
      },
    })
    patch.on('error', () => resolve(0))
    patch.on('close', () => resolve(0))
    patch.on('response', response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    void sendPieces(patch, bytes)
  })
  return answer
}

async function sendPieces(patch: ReturnType<typeof requestHttp>, bytes: Buffer): Promise<void> {
  const pieces = 3
  const length = Math.ceil(bytes.length / pieces)
  for (let piece = 0; piece < pieces; piece += 1) {
    patch.write(bytes.subarray(piece * length, (piece + 1) * length))
    await wait(Math.random() * 15)
  }
  patch.end()
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
