import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, makeClientKey, openClient, UNAUTHENTICATED } from '../../kit/client.ts'
import type { Fault } from '../../kit/fault.ts'

/** The abuse in each lab, by its folder of notes: the id of the key, how to end it, and whether the thief gave up. */
const abuses = new Map<string, Running>()

interface Running {
  readonly key: string
  readonly end: AbortController
  isOver: boolean
}

/** From where the customer sends, and from where the thief does: both are this machine. */
const CUSTOMER = '127.0.0.7'
const THIEF = '127.0.0.66'

/** Somebody found a customer's key, and sends with it from elsewhere, as much as the quota allows and more. */
export const keyAbused: Fault = {
  name: 'key-abused',
  title: "A customer's key is abused",
  summary:
    "Somebody found a customer's API key, and announces upload after upload with it from another address, far over the quota",
  async start(deployment) {
    const { key, keyFile } = await makeClientKey(deployment)
    const customer = openClient(deployment, keyFile, CUSTOMER)
    for (let count = 0; count < 3; count++) await customer.sendWhole()
    const thief = openClient(deployment, keyFile, THIEF)
    await thief.exhaustQuota()
    const end = new AbortController()
    const running = { key, end, isOver: false }
    abuses.set(deployment.notesPath, running)
    void abuse(running, thief, AbortSignal.any([end.signal, deployment.signal]))
  },
  async stop(deployment) {
    const abused = abuses.get(deployment.notesPath)
    if (!abused) return
    abused.end.abort()
    await deployment.bridgectl('keys', 'revoke', abused.key)
    abuses.delete(deployment.notesPath)
  },
  isActive: ({ notesPath }) => abuses.get(notesPath)?.isOver === false,
}

/** Announces uploads until the key is refused. */
async function abuse(abused: Running, thief: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const status = await thief.announce().catch(() => undefined)
    abused.isOver = status === UNAUTHENTICATED
    if (abused.isOver) return
    await sleep(50, undefined, { signal }).catch(() => undefined)
  }
}
