import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CancelRequest } from '../run-store.ts'
import { draftOf } from './places.ts'

/** Writes what is to be signed. */
export async function writeRequest(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

/** What is to be signed, if it was asked for. */
export async function readRequest(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}

/** Puts a signature where `ssh-keygen -Y sign` puts one of that file. */
export async function writeSignature(file: string, signature: string): Promise<void> {
  const draft = draftOf(signatureOf(file))
  await writeFile(draft, signature)
  await rename(draft, signatureOf(file))
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
