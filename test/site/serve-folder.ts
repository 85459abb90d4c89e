import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What browsers are told of files. */
export const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
}

/** A folder behind a static host. */
export interface ServedFolder {
  readonly url: string
  /** What was given out so far, in bytes as they were sent. */
  readonly sent: readonly { readonly path: string; readonly bytes: number }[]
  close(): Promise<void>
}

/** A folder behind a static host on a free port, as plain as they come: it compresses, and lets browsers keep what has a hash in its name. */
export async function serveFolder(folder: string, change = (html: string) => html): Promise<ServedFolder> {
  const sent: { path: string; bytes: number }[] = []
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const found = await findFile(join(folder, path))
    const file = found ?? join(folder, '404.html')
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    const content = await readFile(file)
    const body = gzipSync(extname(file) === '.html' ? change(content.toString()) : content)
    sent.push({ path, bytes: body.length })
    response.writeHead(found ? 200 : 404, {
      'content-type': type,
      'content-encoding': 'gzip',
      ...(path.startsWith('/assets/') ? { 'cache-control': 'max-age=3600, immutable' } : {}),
    })
    response.end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    sent,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The file that an address means, if there is one. */
export async function findFile(path: string): Promise<string | undefined> {
  const status = await stat(path).catch(() => undefined)
  return status?.isDirectory() ? findFile(join(path, 'index.html')) : status && path
}
