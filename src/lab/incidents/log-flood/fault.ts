import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { callService } from '../../customer/call-service.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'

/** How many requests the program has under way at a time, and how long each waits before the next, in milliseconds. */
const SIDE_BY_SIDE = 4
const PAUSE = 50

/** The address has a long token in it, as of some share links, and each line of the log repeats it. */
const ADDRESS = `/shared/${'0123456789abcdef'.repeat(200)}`

/** The program in each lab, by its folder of notes. */
const programs = new Map<string, AbortController>()

/** Each answer is right, and each leaves its lines in the log. */
export const logFlood: Fault = {
  name: 'log-flood',
  title: 'The log is flooded',
  summary: "A customer's program asks for a wrong, long address, again and again, and each refusal is logged",
  async start(deployment) {
    const end = new AbortController()
    programs.set(deployment.notesPath, end)
    const signal = AbortSignal.any([end.signal, deployment.signal])
    setMaxListeners(0, signal)
    for (let count = 0; count < SIDE_BY_SIDE; count++) void ask(deployment, signal)
  },
  async stop({ notesPath }) {
    programs.get(notesPath)?.abort()
    programs.delete(notesPath)
  },
  isActive: ({ notesPath }) => programs.has(notesPath),
}

async function ask({ customer }: Deployment, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await callService(customer, ADDRESS, { signal }).catch(() => undefined)
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined)
  }
}
