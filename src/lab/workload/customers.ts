import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload } from 'tus-js-client'
import type { Customer } from '../customer/call-service.ts'
import { sendUpload } from '../kit/send-upload.ts'
import { Complaints } from './complaints.ts'
import { type Acknowledged, type Attempt, type Traffic, tusOptionsOf } from './traffic.ts'

/** Milliseconds that an upload by form may take. */
const PATIENCE = 30_000

/** A customer: how one of its files is sent, and the pause before the next, in milliseconds. */
interface Habit {
  readonly name: string
  readonly pause: number
  /** Milliseconds in which the customer itself waits while it sends a file: nobody else is to blame for them. */
  readonly waits: number
  body(): Buffer<ArrayBuffer>
  /** Gives the upload's id; nothing when the signal aborted. Throws when the upload is refused for good. */
  send(customer: Customer, name: string, body: Buffer<ArrayBuffer>, signal: AbortSignal): Promise<string | undefined>
}

/** Together they send about 3 MB a minute: little beside a volume of 256 MiB, whose delivered uploads are removed within half an hour. */
const HABITS: readonly Habit[] = [
  { name: 'photos', pause: 1500, waits: 0, body: () => bytesUpTo(64), send: sendByTus },
  // Machines send small files all the time: when deliveries get slow, they pile up.
  { name: 'readings', pause: 150, waits: 0, body: () => bytesUpTo(1), send: sendByForm },
  { name: 'forms', pause: 2500, waits: 0, body: () => bytesUpTo(16), send: sendByForm },
  // The train is in a tunnel: the connection breaks in the middle, and comes back.
  {
    name: 'train',
    pause: 10_000,
    waits: 5000,
    body: () => randomBytes(128 * 1024),
    send: (customer, name, body, signal) => sendByTus(customer, name, body, signal, { away: 5000 }),
  },
  // A slow line: an eighth of the file, and then nothing for a second.
  {
    name: 'slow',
    pause: 5000,
    waits: 9000,
    body: () => randomBytes(32 * 1024),
    send: (customer, name, body, signal) => sendByTus(customer, name, body, signal, { wait: 1000 }),
  },
]

/**
 * A few customers of a deployment on which people practise: files of several sizes, by tus and by form, one on a connection that breaks
 * off, one on a slow one, and a machine. Their files are called `practice-…`. `tell` hears when their uploads begin to fail, and when they do not any
 * more. They remember what was acknowledged.
 */
export function startCustomers(customer: Customer, tell: (line: string) => void): Traffic {
  const over = new AbortController()
  const { signal } = over
  const complaints = new Complaints(tell)
  const acknowledged: Acknowledged[] = []
  const attempts: Attempt[] = []
  const live = async ({ name: habit, pause, waits, body: make, send }: Habit) => {
    for (let count = 1; !signal.aborted; count++) {
      const name = `practice-${habit}-${count}.bin`
      const body = make()
      const began = Date.now() + waits
      const sent = await send(customer, name, body, signal).then(
        id => ({ id }),
        (error: unknown) => ({ error }),
      )
      if (signal.aborted) return
      const ended = Date.now()
      const id = 'id' in sent ? sent.id : undefined
      attempts.push({ began, ended, acknowledged: id !== undefined })
      if ('error' in sent) complaints.failed(sent.error)
      else if (id !== undefined) {
        acknowledged.push({ id, name, sha256: createHash('sha256').update(body).digest('hex'), at: ended })
        complaints.acknowledged()
      }
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
  const all = Promise.all(HABITS.map(live))
  return {
    acknowledged,
    attempts,
    async stop() {
      over.abort()
      await all
    },
  }
}

/** Bytes of a file of 1 to `most` KiB. */
function bytesUpTo(most: number): Buffer<ArrayBuffer> {
  return randomBytes(1024 * (1 + Math.floor(Math.random() * most)))
}

function sendByForm(customer: Customer, name: string, body: Buffer<ArrayBuffer>, signal: AbortSignal): Promise<string> {
  return sendUpload(customer, name, body, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]))
}

/** Sends a file in eight parts, `wait` milliseconds apart. With `away`, the client is gone for so many in the middle. */
async function sendByTus(
  customer: Customer,
  name: string,
  body: Buffer,
  signal: AbortSignal,
  { wait = 0, away = 0 }: { readonly wait?: number; readonly away?: number } = {},
): Promise<string | undefined> {
  const options = await tusOptionsOf(customer)
  let isAway = away === 0
  const done = new AbortController()
  return new Promise<string | undefined>((resolve, reject) => {
    const end = () => void upload.abort().then(() => resolve(undefined), reject)
    const upload = new Upload(body, {
      ...options,
      chunkSize: Math.ceil(body.length / 8),
      retryDelays: [500, 1000, 2000, 4000],
      metadata: { filename: name },
      onBeforeRequest: async () => {
        if (wait > 0) await sleep(wait, undefined, { ref: false })
      },
      onChunkComplete(_, sent) {
        if (isAway || sent < body.length / 2 || sent === body.length) return
        isAway = true
        void upload
          .abort()
          .then(() => sleep(away, undefined, { ref: false }))
          .then(() => signal.aborted || upload.start())
      },
      onSuccess: () => resolve(upload.url?.split('/').at(-1)),
      onError: reject,
    })
    signal.addEventListener('abort', end, { once: true, signal: done.signal })
    upload.start()
  }).finally(() => done.abort())
}
