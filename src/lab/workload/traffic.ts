import { createHash, randomBytes } from 'node:crypto'
import { Agent } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { DefaultHttpStack, Upload, type UploadOptions } from 'tus-js-client'
import { type Customer, readTrust } from '../customer/call-service.ts'

/** An upload that the service acknowledged: the client got its final 2xx. */
export interface Acknowledged {
  readonly id: string
  readonly name: string
  readonly sha256: string
  /** The time of the acknowledgement, in milliseconds of this process's clock. */
  readonly at: number
}

/**
 * An upload that ended, acknowledged or given up after all its retries; both times in milliseconds of this process's clock. What the client
 * itself waited meanwhile is added to when it began.
 */
export interface Attempt {
  readonly began: number
  readonly ended: number
  readonly acknowledged: boolean
}

/** Continuous uploads by a tus client that keeps its own list of acknowledged uploads. */
export interface Traffic {
  readonly acknowledged: readonly Acknowledged[]
  /** Every upload that ended, in that order. */
  readonly attempts: readonly Attempt[]
  /** Starts no new upload, waits a few seconds for running ones, and stops the rest. */
  stop(): Promise<void>
}

/** The number of clients that upload at the same time. */
const CLIENTS = 3
/** The pause between two uploads of a client, in milliseconds. */
const PAUSE = 200
const CHUNK = 16 * 1024
const LARGEST = 64 * 1024
/** The time for running uploads when the traffic stops, in milliseconds. */
const GRACE = 5_000

/** Starts uploads to a deployment, each in several chunks. Interrupted uploads are resumed. */
export function startTraffic(customer: Customer): Traffic {
  const acknowledged: Acknowledged[] = []
  const attempts: Attempt[] = []
  const underWay = new Set<Upload>()
  let stopped = false
  let count = 0
  const options = tusOptionsOf(customer)
  const client = async () => {
    while (!stopped) {
      count += 1
      const body = randomBytes(1 + Math.floor(Math.random() * LARGEST))
      const began = Date.now()
      const done = await send(await options, `drill-${count}.bin`, body, underWay)
      const ended = Date.now()
      attempts.push({ began, ended, acknowledged: done !== undefined })
      if (done) acknowledged.push({ ...done, sha256: createHash('sha256').update(body).digest('hex'), at: ended })
      await sleep(PAUSE)
    }
  }
  const clients = Array.from({ length: CLIENTS }, client)
  return {
    acknowledged,
    attempts,
    async stop() {
      stopped = true
      const all = Promise.all(clients)
      await Promise.race([all, sleep(GRACE, undefined, { ref: false })])
      await Promise.all([...underWay].map(upload => upload.abort()))
      underWay.clear()
    },
  }
}

/** Where a customer sends by tus, with which key, and whom it trusts. */
export async function tusOptionsOf(customer: Customer): Promise<UploadOptions> {
  const { headers, ca } = await readTrust(customer)
  const stack =
    ca === undefined ? {} : { httpStack: new DefaultHttpStack({ agent: new Agent({ ca, keepAlive: true }) }) }
  return { endpoint: new URL('/files/', customer.url).href, headers, ...stack }
}

/** Uploads one file. After a final refusal the client goes on with another file, like people do. */
function send(
  options: UploadOptions,
  name: string,
  body: Buffer,
  underWay: Set<Upload>,
): Promise<{ id: string; name: string } | undefined> {
  return new Promise(resolve => {
    const end = (result?: { id: string; name: string }) => {
      underWay.delete(upload)
      resolve(result)
    }
    const upload = new Upload(body, {
      ...options,
      chunkSize: CHUNK,
      retryDelays: [100, 300, 1000, 1000, 2000, 2000],
      metadata: { filename: name },
      onSuccess: () => end({ id: upload.url?.split('/').at(-1) ?? '', name }),
      onError: () => end(),
    })
    underWay.add(upload)
    upload.start()
  })
}
