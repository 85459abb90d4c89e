import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, relative, sep } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Refused } from '../refusal.ts'
import { findFile } from './find-file.ts'

/**
 * Gives out the built site. Its pages are marked, so that they know that there is somebody whom they can ask, and whether all of it is
 * practice.
 */
export function addSite(app: FastifyInstance, site: string, isPractice: boolean): void {
  const mark = isPractice ? 'data-live="lab"' : 'data-live'
  app.get('/*', { exposeHeadRoute: true }, async (request, reply) => {
    if (request.url.startsWith('/api/')) throw new Refused(404, 'There is nothing here')
    const file = await findFile(site, request.url)
    if (file !== undefined) return sendFile(reply, site, file, mark)
    const missing = await findFile(site, '/404.html')
    if (missing === undefined) throw new Refused(404, 'There is nothing here')
    return sendPage(reply.code(404), missing, mark)
  })
}

async function sendFile(reply: FastifyReply, site: string, file: string, mark: string): Promise<FastifyReply> {
  const type = TYPES[extname(file)] ?? 'application/octet-stream'
  if (type === HTML) return sendPage(reply, file, mark)
  // The build names what is in assets by its content.
  const lasts = relative(site, file).startsWith(`assets${sep}`) ? 'max-age=31536000, immutable' : 'no-cache'
  const { size } = await stat(file)
  return reply
    .header('cache-control', lasts)
    .header('content-length', size)
    .type(type)
    .send(createReadStream(file, { end: Math.max(0, size - 1) }))
}

const HTML = 'text/html; charset=utf-8'

async function sendPage(reply: FastifyReply, file: string, mark: string): Promise<FastifyReply> {
  const html = await readFile(file, 'utf8')
  const marked = html.replace(/<html(?=[\s>])/i, `<html ${mark}`)
  return reply
    .header('content-security-policy', `${findPolicy(html)}; frame-ancestors 'none'`)
    .header('cache-control', 'no-cache')
    .type(HTML)
    .send(marked)
}

/** The policy that the build wrote into a page: it names the scripts that the build put there. A page without one may run none. */
function findPolicy(html: string): string {
  return /<meta http-equiv="?Content-Security-Policy"? content="([^"]+)"/i.exec(html)?.[1] ?? STRICT
}

const STRICT = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'none'"

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': HTML,
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.yaml': 'text/plain; charset=utf-8',
  '.yml': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml; charset=utf-8',
}
