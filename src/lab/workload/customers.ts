import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload } from 'tus-js-client'
import type { Customer } from '../customer/call-service.ts'
import { sendUpload } from '../kit/send-upload.ts'
import { Complaints } from './complaints.ts'
import { tusOptionsOf } from './traffic.ts'

/** Milliseconds that an upload by form may take. */
const PATIENCE = 30_000

/** A customer: what one upload is, and the pause before the next, in milliseconds. Throws when the upload is refused for good. */
interface Habit {
  readonly name: string
  readonly pause: number
  send(customer: Customer, name: string, signal: AbortSignal): Promise<unknown>
}

/** Together they send about 2 MB a minute: little beside a volume of 256 MiB, whose delivered uploads are removed within half an hour. */
const HABITS: readonly Habit[] = [
  { name: 'photos', pause: 1500, send: (customer, name, signal) => sendByTus(customer, name, bytesUpTo(64), signal) },
  { name: 'forms', pause: 2500, send: (customer, name, signal) => sendByForm(customer, name, signal) },
  // The train is in a tunnel: the connection breaks in the middle, and comes back.
  {
    name: 'train',
    pause: 10_000,
    send: (customer, name, signal) => sendByTus(customer, name, randomBytes(128 * 1024), signal, { away: 5000 }),
  },
  // A slow line: an eighth of the file, and then nothing for a second.
  {
    name: 'slow',
    pause: 5000,
    send: (customer, name, signal) => sendByTus(customer, name, randomBytes(32 * 1024), signal, { wait: 1000 }),
  },
]

/**
 * A few customers of a deployment on which people practise: files of several sizes, by tus and by form, one on a connection that breaks
 * off and one on a slow one. Their files are called `practice-…`. `tell` hears when their uploads begin to fail, and when they do not any
 * more.
 */
export function startCustomers(customer: Customer, tell: (line: string) => void): { stop(): Promise<void> } {
  const over = new AbortController()
  const { signal } = over
  const complaints = new Complaints(tell)
  const hear = (error: unknown) => {
    if (!signal.aborted) complaints.failed(error)
  }
  const live = async ({ name, pause, send }: Habit) => {
    for (let count = 1; !signal.aborted; count++) {
      await send(customer, `practice-${name}-${count}.bin`, signal).then(() => complaints.acknowledged(), hear)
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
  const all = Promise.all(HABITS.map(live))
  return {
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

function sendByForm(customer: Customer, name: string, signal: AbortSignal): Promise<string> {
  return sendUpload(customer, name, bytesUpTo(16), AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]))
}

/** Sends a file in eight parts, `wait` milliseconds apart. With `away`, the client is gone for so many in the middle. */
async function sendByTus(
  customer: Customer,
  name: string,
  body: Buffer,
  signal: AbortSignal,
  { wait = 0, away = 0 }: { readonly wait?: number; readonly away?: number } = {},
): Promise<void> {
  const options = await tusOptionsOf(customer)
  let isAway = away === 0
  const done = new AbortController()
  await new Promise<void>((resolve, reject) => {
    const end = () => void upload.abort().then(resolve, reject)
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
      onSuccess: () => resolve(),
      onError: reject,
    })
    signal.addEventListener('abort', end, { once: true, signal: done.signal })
    upload.start()
  }).finally(() => done.abort())
}
