import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload } from 'tus-js-client'

/** An upload that the service acknowledged: its final 2xx arrived here. */
export interface Acknowledged {
  readonly id: string
  readonly name: string
  readonly sha256: string
  /** Milliseconds, of this process's clock. */
  readonly at: number
}

/** Steady uploads by a tus client that keeps its own list of what was acknowledged. */
export interface Traffic {
  readonly acknowledged: readonly Acknowledged[]
  /** How many uploads were given up, after all their retries. */
  failed(): number
  /** Sends no new upload, gives those under way a few seconds, and lets go of the rest. */
  stop(): Promise<void>
}

/** Clients that upload at the same time. */
const CLIENTS = 3
/** Milliseconds between two uploads of a client. */
const PAUSE = 200
const CHUNK = 16 * 1024
const LARGEST = 64 * 1024
/** Milliseconds that an upload under way is given when the traffic stops. */
const GRACE = 5_000

/** Begins to upload to a deployment, in several chunks each, resuming whatever is cut off. */
export function startTraffic(url: string): Traffic {
  const acknowledged: Acknowledged[] = []
  const underWay = new Set<Upload>()
  let stopped = false
  let count = 0
  let failed = 0
  const client = async () => {
    while (!stopped) {
      count += 1
      const body = randomBytes(1 + Math.floor(Math.random() * LARGEST))
      const done = await send(url, `drill-${count}.bin`, body, underWay)
      if (done) acknowledged.push({ ...done, sha256: createHash('sha256').update(body).digest('hex'), at: Date.now() })
      else failed += 1
      await sleep(PAUSE)
    }
  }
  const clients = Array.from({ length: CLIENTS }, client)
  return {
    acknowledged,
    failed: () => failed,
    async stop() {
      stopped = true
      const all = Promise.all(clients)
      await Promise.race([all, sleep(GRACE, undefined, { ref: false })])
      await Promise.all([...underWay].map(upload => upload.abort()))
      underWay.clear()
    },
  }
}

/** Uploads one file; a client that is refused for good goes on with another file, as people do. */
function send(
  url: string,
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
      endpoint: `${url}/files/`,
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
