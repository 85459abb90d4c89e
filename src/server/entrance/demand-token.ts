import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Refused } from '../refusal.ts'

/** Throws unless a request has this token. `how`: what to do where the server has none. */
export function demandToken({ headers }: FastifyRequest, token: string | undefined, how: string): void {
  if (token === undefined) throw new Refused(404, 'This server has no token for this', how)
  const given = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  if (!timingSafeEqual(hash(given), hash(token)))
    throw new Refused(401, 'The token is missing, or another one', undefined, { 'www-authenticate': 'Bearer' })
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
