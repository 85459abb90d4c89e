import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { isRunning } from '../../base/index.ts'
import type { Session } from '../../wire/index.ts'

/** Whom a link lets in, and as what. */
export type Guest = Pick<Session, 'person' | 'role'>

/** Milliseconds for which a link is good. */
export const LINK_LASTS = 15 * 60_000

const invitation = z.object({
  person: z.string(),
  role: z.enum(['reader', 'responder', 'approver']),
  until: z.number(),
})

/** Leaves a link for a server that runs. The file has only the hash of its secret part, which this gives. */
export async function leaveInvitation(folder: string, guest: Guest, now: number): Promise<string> {
  const link = randomBytes(32).toString('base64url')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = nameFile(folder, link)
  await writeFile(`${file}.draft`, JSON.stringify({ ...guest, until: now + LINK_LASTS }), { mode: 0o600 })
  await rename(`${file}.draft`, file)
  return link
}

/** Uses a link up. Nothing when it is unknown, used or stale. */
export async function takeInvitation(folder: string, link: string, now: number): Promise<Guest | undefined> {
  const file = nameFile(folder, link)
  const taken = `${file}.${randomBytes(6).toString('hex')}`
  try {
    // Of two who come at the same moment one finds it gone.
    await rename(file, taken)
    const { person, role, until } = invitation.parse(JSON.parse(await readFile(taken, 'utf8')))
    return until < now ? undefined : { person, role }
  } catch {
    return undefined
  } finally {
    await rm(taken, { force: true }).catch(() => undefined)
  }
}

function nameFile(folder: string, link: string): string {
  return join(folder, `${createHash('sha256').update(link).digest('hex')}.json`)
}

const address = z.object({ url: z.string(), server: z.object({ pid: z.number(), start: z.string() }) })
type Address = z.infer<typeof address>

/** Says where a server is, so that others of this account can invite to it. Where that cannot be written, only its own links let in. */
export async function sayAddress(folder: string, content: Address): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined)
  await writeFile(join(folder, 'address.json'), JSON.stringify(content), { mode: 0o600 }).catch(() => undefined)
}

/** Where a server is that runs on this machine; nothing when none does. */
export async function findAddress(folder: string): Promise<string | undefined> {
  try {
    const { url, server } = address.parse(JSON.parse(await readFile(join(folder, 'address.json'), 'utf8')))
    return isRunning(server) ? url : undefined
  } catch {
    return undefined
  }
}
