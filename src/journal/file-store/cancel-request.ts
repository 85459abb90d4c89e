import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CancelRequest } from '../run-store.ts'
import { draftOf } from './draft-of.ts'

/** Milliseconds between two looks for a request. */
const LOOK_EVERY = 250

/** Asks for a run to be ended. */
export async function writeCancelRequest(file: string, request: CancelRequest): Promise<void> {
  const draft = draftOf(file)
  await writeFile(draft, `${JSON.stringify(request)}\n`)
  await rename(draft, file)
}

/** Waits for a request; nothing when the signal aborts before. */
export async function awaitCancelRequest(file: string, signal: AbortSignal): Promise<CancelRequest | undefined> {
  while (!signal.aborted) {
    await sleep(LOOK_EVERY, undefined, { signal, ref: false }).catch(() => undefined)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text !== undefined && !signal.aborted) return parse(text)
  }
  return undefined
}

/** Forgets a request: whoever resumes the run decides anew. */
export async function withdrawCancelRequest(file: string): Promise<void> {
  await rm(file, { force: true })
}

/** What is there is a request, whatever it says. */
function parse(text: string): CancelRequest {
  try {
    return JSON.parse(text)
  } catch {
    return { by: { user: 'somebody', host: 'somewhere', pid: 0 }, time: '' }
  }
}
