import { isIP } from 'node:net'

/** One end of connections: a host's name or IP address, and a TCP port. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** The addresses that texts name: each by a URL, or as a whole text `host:port`. What names no port, and has no usual one, is none. */
export function findAddresses(texts: readonly string[]): readonly Address[] {
  const found = new Map<string, Address>()
  for (const address of texts.flatMap(findIn)) found.set(nameAddress(address), address)
  return [...found.values()]
}

/** An address as people write it. */
export function nameAddress({ host, port }: Address): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

/** The port of a URL that names none. */
const USUAL: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  ldap: 389,
  ldaps: 636,
}

function findIn(text: string): Address[] {
  const urls = [...text.matchAll(/([a-z][a-z0-9+.-]*):\/\/([^/?#\s]+)/gi)]
  if (urls.length === 0) return parse(text.trim())
  return urls.flatMap(([, scheme = '', authority = '']) => {
    // A URL of PostgreSQL may name several hosts.
    const hosts = authority.slice(authority.lastIndexOf('@') + 1).split(',')
    return hosts.flatMap(host => parse(host, USUAL[scheme.toLowerCase()]))
  })
}

function parse(text: string, usual?: number): Address[] {
  const [, six, name, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]*[\w]))\.?(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = (six ?? name ?? '').toLowerCase()
  const port = digits === undefined ? usual : Number(digits)
  const isHost = isIP(host) > 0 || (six === undefined && /[a-z]/.test(host))
  return isHost && port !== undefined && port > 0 && port < 65_536 ? [{ host, port }] : []
}
