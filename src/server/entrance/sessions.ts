import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { COOKIE_LASTS, type Person } from './open-entrance.ts'

/** Who sent a request: by the proxy that signs people in, else by a cookie. Throws when nobody is known. */
export function demandPerson(request: FastifyRequest, { entrance, options, askProxy }: ServerParts): Person {
  const named = askProxy(request)
  if (named) return options.readOnly ? { ...named, role: 'reader' } : named
  const person = entrance.recognize(readCookie(request, nameCookie(request, options.publicUrl)))
  if (person) return person
  throw new Refused(401, 'You are not signed in', 'Open the link that handbook serve prints')
}

/** The same; throws for somebody who may only read, too. */
export function demandResponder(request: FastifyRequest, parts: ServerParts): Person {
  const person = demandPerson(request, parts)
  if (person.role === 'reader') throw new Refused(403, 'You may read, not run')
  return person
}

/** The link that lets somebody in, and who that is then. */
export function addEntrance(app: FastifyInstance, parts: ServerParts): void {
  const { entrance, options, served, askProxy } = parts
  // A forged name is refused wherever it is sent, also where nobody is asked for one.
  app.addHook('onRequest', async request => void askProxy(request))
  app.get<{ Params: { link: string } }>('/enter/:link', async (request, reply) => {
    const cookie = await entrance.enter(request.params.link)
    reply.header('cache-control', 'no-store')
    if (cookie === undefined) return reply.code(410).type('text/html; charset=utf-8').send(GONE)
    const secure = isSecure(request, options.publicUrl) ? '; Secure' : ''
    const name = nameCookie(request, options.publicUrl)
    reply.header(
      'set-cookie',
      `${name}=${cookie}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_LASTS / 1000}${secure}`,
    )
    return reply.redirect('/', 303)
  })
  app.get('/api/session', async request => ({ ...demandPerson(request, parts), environments: served }))
}

const GONE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>This link is used up</title><h1>This link is used up</h1>
<p>It lets one browser in, once, within 15 minutes. Press Enter in the terminal of <code>handbook serve</code>: it prints another one.</p>
<p><a href="/">Read the handbook</a></p></html>
`

/** Cookies do not tell ports apart: two servers of one machine would take each other's. */
function nameCookie(request: FastifyRequest, publicUrl: string | undefined): string {
  return isSecure(request, publicUrl) ? '__Host-handbook' : `handbook-${request.socket.localPort}`
}

/** Whether a request came by the public name, which speaks TLS. Past the proxy nothing does, and a browser takes no secure cookie there. */
function isSecure({ headers }: FastifyRequest, publicUrl: string | undefined): boolean {
  if (publicUrl === undefined) return false
  const { protocol, host } = new URL(publicUrl)
  return protocol === 'https:' && headers.host === host
}

function readCookie({ headers }: FastifyRequest, name: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}
