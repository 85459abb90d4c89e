import { setTimeout as sleep } from 'node:timers/promises'
import { BLOCKED, type Client, makeClientKey, openClient, UNAUTHENTICATED } from '../../kit/client.ts'
import type { Fault } from '../../kit/fault.ts'

/** The program in each lab, by its folder of notes: the id of its key, how to end it, and whether it gave up. */
const programs = new Map<string, Running>()

interface Running {
  readonly key: string
  readonly end: AbortController
  isOver: boolean
}

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
    const running = { key, end, isOver: false }
    programs.set(deployment.notesPath, running)
    void hammer(running, customer, AbortSignal.any([end.signal, deployment.signal]))
  },
  async stop({ notesPath, bridgectl }) {
    const program = programs.get(notesPath)
    if (!program) return
    program.end.abort()
    await bridgectl('keys', 'revoke', program.key)
    programs.delete(notesPath)
  },
  isActive: ({ notesPath }) => programs.get(notesPath)?.isOver === false,
}

/** Announces uploads until the key may not. Common clients of tus end at 403, too, and try again after 429. */
async function hammer(program: Running, customer: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const status = await customer.announce().catch(() => undefined)
    program.isOver = status === BLOCKED || status === UNAUTHENTICATED
    if (program.isOver) return
    await sleep(50, undefined, { signal }).catch(() => undefined)
  }
}
