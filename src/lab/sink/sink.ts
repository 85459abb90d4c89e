import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { dirname } from 'node:path'

/** The downstream of a lab: takes deliveries, answers with the SHA-256 of the bytes, and lists all deliveries. */
export function createSink(received: ReceivedLog): Server {
  return createServer((request, response) => {
    handle(request, response, received).catch(error => {
      if (response.headersSent || response.destroyed) response.destroy()
      else answer(response, 500, { error: error instanceof Error ? error.message : String(error) })
    })
  })
}

async function handle(request: IncomingMessage, response: ServerResponse, received: ReceivedLog): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case 'POST /deliveries':
      return receive(request, response, received)
    case 'GET /received':
      return answer(response, 200, received.list())
    case 'GET /healthz':
      return answer(response, 200, { status: 'pass' })
    default:
      return answer(response, 404, { error: 'POST /deliveries, GET /received or GET /healthz' })
  }
}

async function receive(request: IncomingMessage, response: ServerResponse, received: ReceivedLog): Promise<void> {
  const id = header(request, 'x-upload-id')
  if (id === undefined) return answer(response, 400, { error: 'X-Upload-Id is missing' })
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of request) {
    hash.update(chunk)
    size += chunk.length
  }
  const sha256 = hash.digest('hex')
  if (!isAsPromised(request, size, sha256)) return answer(response, 400, { error: 'the bytes are not those promised' })
  const kept = await received.add({ id, name: decodeName(header(request, 'x-upload-name') ?? ''), size, sha256 })
  if (kept.sha256 !== sha256) return answer(response, 409, { error: `${id} was delivered with other bytes`, ...kept })
  answer(response, 200, { sha256 })
}

/** Compares the body with Content-Length and Content-Digest (RFC 9530), if these are given. */
function isAsPromised(request: IncomingMessage, size: number, sha256: string): boolean {
  const length = header(request, 'content-length')
  const digest = /sha-256=:([^:]*):/.exec(header(request, 'content-digest') ?? '')?.[1]
  const sameLength = length === undefined || Number(length) === size
  return sameLength && (digest === undefined || Buffer.from(digest, 'base64').toString('hex') === sha256)
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
}

/** An upload that arrived downstream. */
interface ReceivedUpload {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly sha256: string
}

/** The uploads that arrived, one JSON line each, in a file that survives a kill. */
interface ReceivedLog {
  list(): readonly ReceivedUpload[]
  /** Stores an upload once. Returns the stored upload with this id. */
  add(upload: ReceivedUpload): Promise<ReceivedUpload>
}

/** Opens the list of arrived uploads. An incomplete last line is dropped, because its sender got no answer. */
export async function openReceivedLog(path: string): Promise<ReceivedLog> {
  await mkdir(dirname(path), { recursive: true })
  const text = await readFile(path, 'utf8').catch(() => '')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole !== text) await writeFile(path, whole)
  const received = new Map<string, ReceivedUpload>()
  for (const line of whole.split('\n').filter(Boolean)) {
    const upload: ReceivedUpload = JSON.parse(line)
    received.set(upload.id, upload)
  }
  let written = Promise.resolve()
  return {
    list: () => [...received.values()],
    async add(upload) {
      const known = received.get(upload.id)
      if (!known) {
        received.set(upload.id, upload)
        written = written.then(() => appendFile(path, `${JSON.stringify(upload)}\n`))
      }
      await written
      return known ?? upload
    },
  }
}
