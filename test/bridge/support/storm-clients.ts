import { createHash, randomFillSync } from 'node:crypto'
import { request } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { DefaultHttpStack } from 'tus-js-client'
import { type Sample, sample, sendByTus } from './clients.ts'

/** An upload that the service acknowledged: the final 2xx arrived at its client. */
export interface Acknowledged {
  readonly sha256: string
  readonly size: number
  readonly how: 'tus' | 'form'
}

/** Clients that upload one file after another, and never give one up while they are told to go on. */
export interface StormClients {
  readonly acknowledged: ReadonlyMap<string, Acknowledged>
  /** Uploads that ended with a refusal that their client does not repeat. */
  readonly refused: readonly string[]
  /** No new uploads begin; those under way get this many milliseconds. */
  stop(patience: number): Promise<void>
}

const stack = new DefaultHttpStack({ rejectUnauthorized: false })

/** Starts clients through nginx: so many that use tus, so many that send forms. */
export function startStormClients(url: string, tus: number, forms: number): StormClients {
  const acknowledged = new Map<string, Acknowledged>()
  const refused: string[] = []
  let isOn = true
  let isPatient = true
  const client = async (how: Acknowledged['how']) => {
    while (isOn) {
      const file = makeFile()
      try {
        const id = how === 'tus' ? await byTus(url, file) : await byForm(url, file, () => isPatient)
        if (id !== undefined) acknowledged.set(id, { sha256: file.sha256, size: file.bytes.length, how })
      } catch (error) {
        refused.push(`${how}: ${error}`)
      }
    }
  }
  const all = Promise.all([
    ...Array.from({ length: tus }, () => client('tus')),
    ...Array.from({ length: forms }, () => client('form')),
  ])
  return {
    acknowledged,
    refused,
    async stop(patience) {
      isOn = false
      await Promise.race([all, wait(patience, undefined, { ref: false })])
      isPatient = false
    },
  }
}

/** Random bytes, of which each upload has the first ones behind some of its own: to make all anew would keep the processor busy. */
const common = sample(50_000_000).bytes

// From 1 to 50 MB, as many below 7 MB as above.
function makeFile(): Sample {
  const bytes = Buffer.from(common.subarray(0, Math.round(1_000_000 * 50 ** Math.random())))
  randomFillSync(bytes, 0, 32)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

async function byTus(url: string, { bytes }: Sample): Promise<string> {
  const chunkSize = Math.random() < 0.5 ? Number.POSITIVE_INFINITY : 5_000_000
  return sendByTus(url, bytes, { httpStack: stack, chunkSize, retryDelays: Array(1000).fill(500) })
}

/** Sends a form again, with its key, until it is answered as it should be. */
async function byForm(url: string, file: Sample, isPatient: () => boolean): Promise<string | undefined> {
  const key = file.sha256.slice(0, 32)
  for (; isPatient(); await wait(500)) {
    const { status, text } = await post(url, key, file).catch(() => ({ status: 0, text: '' }))
    if (status === 201) return String(JSON.parse(text).id)
    if (status >= 400 && status < 500 && ![409, 423, 429].includes(status)) throw new Error(`${status}: ${text}`)
  }
  return undefined
}

function post(url: string, key: string, { bytes }: Sample): Promise<{ status: number; text: string }> {
  const head = '--xx\r\nContent-Disposition: form-data; name="file"; filename="form.bin"\r\n\r\n'
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--xx--\r\n')])
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL('/uploads', url), {
      method: 'POST',
      agent: false,
      rejectUnauthorized: false,
      headers: {
        'Content-Type': 'multipart/form-data; boundary=xx',
        'Content-Length': body.length,
        'Idempotency-Key': key,
      },
    })
    outgoing.setTimeout(60_000, () => outgoing.destroy(new Error('no answer')))
    outgoing.on('error', reject).on('response', async response => {
      try {
        let text = ''
        for await (const chunk of response.setEncoding('utf8')) text += chunk
        resolve({ status: response.statusCode ?? 0, text })
      } catch (error) {
        reject(error)
      }
    })
    outgoing.end(body)
  })
}
