import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as z from 'zod/mini'
import { type Guest, LINK_LASTS, takeInvitation } from './invitations.ts'

/** Who is known by a cookie. */
export type Person = Guest

/** Lets people in: by a link that is good once, and then by a cookie. */
export interface Entrance {
  /** The secret part of a new link. */
  newLink(): string
  /** Uses a link up. Gives the cookie's value; nothing when the link is unknown, used or stale. */
  enter(link: string): Promise<string | undefined>
  /** Whose cookie that is. */
  recognize(cookie: string | undefined): Person | undefined
}

/** Milliseconds for which a cookie is good. */
export const COOKIE_LASTS = 12 * 3_600_000

const sessions = z.record(
  z.string(),
  z.object({ person: z.string(), role: z.enum(['reader', 'responder', 'approver']), until: z.number() }),
)

/**
 * Opens the entrance. Who is in stays in when the server is started again: the file has only the SHA-256 of each cookie, which opens
 * nothing. Where it cannot be written, people enter anew after a restart.
 */
export async function openEntrance(
  file: string,
  { person, readOnly, now }: { readonly person: string; readonly readOnly: boolean; readonly now: () => number },
): Promise<Entrance> {
  const links = new Map<string, number>()
  const known = new Map(Object.entries(await readSessions(file)))
  return {
    newLink() {
      const link = randomBytes(32).toString('base64url')
      links.set(hash(link), now() + LINK_LASTS)
      return link
    },
    async enter(link) {
      const until = links.get(hash(link))
      links.delete(hash(link))
      // What another process of this account invited by, while this one runs.
      const role = readOnly ? 'reader' : 'responder'
      const own: Guest | undefined = until === undefined || until < now() ? undefined : { person, role }
      const guest = own ?? (await takeInvitation(join(dirname(file), 'invitations'), link, now()))
      if (!guest) return undefined
      const cookie = randomBytes(32).toString('base64url')
      for (const [key, one] of known) if (one.until < now()) known.delete(key)
      known.set(hash(cookie), { ...guest, until: now() + COOKIE_LASTS })
      await writeSessions(file, Object.fromEntries(known)).catch(() => undefined)
      return cookie
    },
    recognize(cookie) {
      const found = cookie === undefined ? undefined : known.get(hash(cookie))
      if (!found || found.until < now()) return undefined
      return { person: found.person, role: readOnly ? 'reader' : found.role }
    },
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

async function readSessions(file: string): Promise<z.infer<typeof sessions>> {
  try {
    return sessions.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return {}
  }
}

async function writeSessions(file: string, content: z.infer<typeof sessions>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, JSON.stringify(content), { mode: 0o600 })
  await rename(draft, file)
}
