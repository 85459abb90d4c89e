import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused } from '../refusal.ts'

/** Under which names a server may be asked. */
export interface Names {
  /** Values of `Host`. */
  readonly hosts: ReadonlySet<string>
  /** Values of `Origin`. */
  readonly origins: ReadonlySet<string>
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** The names of a server: those of this machine for itself, the address that it listens at, and the one that people are told. */
export function listNames(host: string, port: number, publicUrl: string | undefined): Names {
  const spelt = isIP(host) === 6 ? `[${host}]` : host
  const own = [...new Set([...LOOPBACK, spelt])].map(name => new URL(`http://${name}:${port}`))
  const all = publicUrl === undefined ? own : [...own, new URL(publicUrl)]
  return { hosts: new Set(all.map(url => url.host)), origins: new Set(all.map(url => url.origin)) }
}

/** On every answer. The site's pages have a policy of their own. */
export const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** The paths at which programs knock with a token, which no browser sends by itself. */
export const BY_TOKEN: readonly string[] = ['/api/alerts', '/api/notes', '/metrics']

/** Looks at every request before anything else does: for whom it is, and who had a browser send it. */
export function guard(app: FastifyInstance, names: () => Names): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    const { hosts, origins } = names()
    // Another name that leads here is one that somebody else chose: DNS rebinding.
    const [host = '', ...more] = request.raw.headersDistinct.host ?? []
    if (more.length > 0) throw new Refused(400, 'This request names two servers')
    if (!hosts.has(host))
      throw new Refused(421, 'This server does not answer to that name', 'Give it the name: --public-url URL')
    const { origin } = request.headers
    if (origin !== undefined && !origins.has(origin)) throw new Refused(403, 'Another site asks for this')
    // The route that was found counts: a path can be spelt in many ways.
    const route = request.routeOptions.url ?? ''
    if (!isRead(request) || route.startsWith('/api/')) demandOwnSite(request, route)
  })
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Throws unless a page of this server had the browser send it. A program with a token is no browser. */
function demandOwnSite(request: FastifyRequest, route: string): void {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new Refused(403, 'Another site asks for this')
  const isKnown = request.headers.origin !== undefined || site !== undefined
  if (!isRead(request) && !isKnown && !BY_TOKEN.includes(route))
    throw new Refused(403, 'It is not known which site asks for this', 'Send Origin')
}
