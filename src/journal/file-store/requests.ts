import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CancelRequest } from '../run-store.ts'
import { draftOf } from './places.ts'

/** Writes what is to be signed. Throws when there is no room for it. */
export function writeRequest(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** What is to be signed, if it was asked for. */
export async function readRequest(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}

/** Puts a signature where `ssh-keygen -Y sign` puts one of that file. */
export async function writeSignature(file: string, signature: string): Promise<void> {
  await replace(signatureOf(file), signature)
}

/** The signature of that file, if there is one. */
export async function readSignature(file: string): Promise<string | undefined> {
  return readRequest(signatureOf(file))
}

function signatureOf(file: string): string {
  return `${file}.sig`
}

/** Milliseconds between two looks for a request. */
const LOOK_EVERY = 250

/** Asks for a run to be ended. */
export async function writeCancelRequest(file: string, request: CancelRequest): Promise<void> {
  await replace(file, `${JSON.stringify(request)}\n`)
}

/** Puts a whole file in the place of another, or leaves nothing of it. */
async function replace(file: string, content: string): Promise<void> {
  const draft = draftOf(file)
  try {
    await writeFile(draft, content)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
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
