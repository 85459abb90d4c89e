import { useSyncExternalStore } from 'react'
import type { Session } from '../../wire/index.ts'
import { type Answered, ask } from './connection/ask.ts'

let answered: Answered<Session> | undefined
let asked = false
const listeners = new Set<() => void>()

/** Who uses the server, and what they may do; nothing until it has answered. It is asked once while a page is open, and again while it is silent. */
export function useSession(): Answered<Session> | undefined {
  return useSyncExternalStore(listen, () => answered)
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  if (!asked) void askOnce()
  return () => void listeners.delete(listener)
}

async function askOnce(): Promise<void> {
  asked = true
  answered = await ask<Session>('/api/session')
  for (const listener of listeners) listener()
  if (answered.state === 'lost') setTimeout(askOnce, 3000)
}
