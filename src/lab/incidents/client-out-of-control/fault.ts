import { setTimeout as sleep } from 'node:timers/promises'
import { BLOCKED, type Client, makeClientKey, openClient, UNAUTHENTICATED } from '../../kit/client.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'

/** The program in each lab, by its folder of notes: the id of its key, and how to end it. */
const programs = new Map<string, { readonly key: string; readonly end: AbortController }>()

/** From where the customer sends: this machine. */
const CUSTOMER = '127.0.0.7'

/** A customer's own program tries again at once, as long as it is told that this may help. */
export const clientOutOfControl: Fault = {
  name: 'client-out-of-control',
  title: "A customer's program is out of control",
  summary:
    "A customer's program announces upload after upload, far over the quota, and does not wait as Retry-After says; it gives up when it is told that its key may not send",
  async start(deployment) {
    const { key, keyFile } = await makeClientKey(deployment)
    const customer = openClient(deployment, keyFile, CUSTOMER)
    for (let count = 0; count < 3; count++) await customer.sendWhole()
    await customer.exhaustQuota()
    const end = new AbortController()
    programs.set(deployment.notesPath, { key, end })
    void hammer(deployment, customer, AbortSignal.any([end.signal, deployment.signal]))
  },
  async stop({ notesPath, bridgectl }) {
    const program = programs.get(notesPath)
    if (!program) return
    program.end.abort()
    programs.delete(notesPath)
    await bridgectl('keys', 'revoke', program.key)
  },
  isActive: ({ notesPath }) => programs.has(notesPath),
}

/** Announces uploads until the key may not. Common clients of tus end at 403, too, and try again after 429. */
async function hammer({ notesPath }: Deployment, customer: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const status = await customer.announce().catch(() => undefined)
    if (status === BLOCKED || status === UNAUTHENTICATED) return void programs.delete(notesPath)
    await sleep(50, undefined, { signal }).catch(() => undefined)
  }
}
