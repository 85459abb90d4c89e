import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** A client that sends small files all the time and remembers what was acknowledged. */
export interface Traffic {
  /** Ids of acknowledged uploads with the SHA-256 of what was sent. */
  readonly acknowledged: ReadonlyMap<string, string>
  /** How often which answer came; `none` when there was none. */
  readonly answers: Readonly<Record<string, number>>
  stop(): Promise<void>
}

/** Sends one small file; gives the status, and id and hash when it was acknowledged. */
export async function sendFile(url: string, size = 2000): Promise<{ status: number; id?: string; sha256: string }> {
  const bytes = randomBytes(size)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const form = new FormData()
  form.set('file', new Blob([bytes]), 'traffic.bin')
  const response = await fetch(`${url}/uploads`, { method: 'POST', body: form, signal: AbortSignal.timeout(10_000) })
  const body: unknown = await response.json().catch(() => undefined)
  const id = response.status === 201 ? String(Object(body).id) : undefined
  return { status: response.status, sha256, ...(id === undefined ? {} : { id }) }
}

/** Starts sending. */
export function startTraffic(url: string, clients = 1): Traffic {
  const acknowledged = new Map<string, string>()
  const answers: Record<string, number> = {}
  let stopped = false
  const send = async () => {
    while (!stopped) {
      const answer = await sendFile(url).catch(() => undefined)
      const key = String(answer?.status ?? 'none')
      answers[key] = (answers[key] ?? 0) + 1
      if (answer?.id !== undefined) acknowledged.set(answer.id, answer.sha256)
      await sleep(100)
    }
  }
  const sending = Promise.all(Array.from({ length: clients }, send)).then(() => undefined)
  return {
    acknowledged,
    answers,
    stop: () => {
      stopped = true
      return sending
    },
  }
}

/** Those acknowledged uploads that are not downstream with an equal hash. */
export async function findMissing(downstreamUrl: string, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  const response = await fetch(`${downstreamUrl}/received`)
  const received: { id: string; sha256: string }[] = await response.json()
  const hashes = new Map(received.map(({ id, sha256 }) => [id, sha256]))
  return [...acknowledged].filter(([id, sha256]) => hashes.get(id) !== sha256).map(([id]) => id)
}
