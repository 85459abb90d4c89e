import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, makeClientKey, openClient, UNAUTHENTICATED } from '../../kit/client.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'

/** The abuse in each lab, by its folder of notes: the id of the key, and how to end it. */
const abuses = new Map<string, { readonly key: string; readonly end: AbortController }>()

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
    abuses.set(deployment.notesPath, { key, end })
    void abuse(deployment, thief, AbortSignal.any([end.signal, deployment.signal]))
  },
  async stop(deployment) {
    const abused = abuses.get(deployment.notesPath)
    if (!abused) return
    abused.end.abort()
    abuses.delete(deployment.notesPath)
    await deployment.bridgectl('keys', 'revoke', abused.key)
  },
  isActive: ({ notesPath }) => abuses.has(notesPath),
}

/** Announces uploads until the key is refused. */
async function abuse({ notesPath }: Deployment, thief: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const status = await thief.announce().catch(() => undefined)
    if (status === UNAUTHENTICATED) return void abuses.delete(notesPath)
    await sleep(50, undefined, { signal }).catch(() => undefined)
  }
}
