import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'

/** What a customer has: the address of the service, and where it is demanded an API key and the CA that the customer trusts. */
export interface Customer {
  readonly url: string
  /** The file of the API key. */
  readonly keyFile?: string
  /** The file of the CA's certificate. */
  readonly authorityFile?: string
}

/** A request of a customer. */
export interface Call {
  readonly signal: AbortSignal
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: FormData | Uint8Array<ArrayBuffer> | string
  /** The address of this machine from which it comes. */
  readonly localAddress?: string
}

/** What the service answered. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Sends a request as a customer does, on a connection of its own. Throws when nobody answers. */
export async function callService(customer: Customer, path: string, call: Call): Promise<Answer> {
  const { headers, body, ...options } = call
  const address = new URL(path, customer.url)
  const { ca, headers: own } = await readTrust(customer)
  const sent = body === undefined ? undefined : new Response(body)
  const type = body instanceof FormData ? { 'content-type': sent?.headers.get('content-type') ?? '' } : {}
  const bytes = Buffer.from((await sent?.arrayBuffer()) ?? new ArrayBuffer(0))
  const request = address.protocol === 'https:' ? requestHttps : requestHttp
  const all = { 'content-length': String(bytes.length), ...own, ...type, ...headers }
  const outgoing = request(address, { ...options, ...(ca === undefined ? {} : { ca }), agent: false, headers: all })
  // A service that refuses may answer before it has read everything.
  outgoing.on('error', () => undefined).end(bytes)
  const [response] = await once(outgoing, 'response')
  return { status: Number(response.statusCode), headers: response.headers, text: await text(response) }
}

/** Whom a customer trusts, and the headers by which the service knows them. */
export async function readTrust({ keyFile, authorityFile }: Customer): Promise<Trust> {
  const [key, ca] = await Promise.all([keyFile, authorityFile].map(file => file && readFile(file, 'utf8')))
  return {
    headers: key === undefined ? {} : { authorization: `Bearer ${key.trim()}` },
    ...(ca === undefined ? {} : { ca }),
  }
}

interface Trust {
  readonly headers: Readonly<Record<string, string>>
  readonly ca?: string
}
