import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { draftOf } from './draft-of.ts'

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
