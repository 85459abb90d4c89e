import { isIP, isIPv6 } from 'node:net'

/** One end of connections: a host's name or IP address, and a TCP port. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** The addresses that texts name: by URLs, or as whole texts `host:port`, or several by commas. What names no port, and has no usual one, is none. */
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
  mariadb: 3306,
  mongodb: 27_017,
  nats: 4222,
  ssh: 22,
  sftp: 22,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  ldap: 389,
  ldaps: 636,
}

function findIn(text: string): Address[] {
  // After a comma the next URL begins, or the next host of the same.
  const urls = [...text.matchAll(/([a-z][a-z0-9+.-]*):\/\/([^/?#\s]+?)(?=,[a-z][a-z0-9+.-]*:\/\/|[/?#\s]|$)/gi)]
  if (urls.length === 0) return parseAll(text.trim().split(/\s*,\s*/))
  return urls.flatMap(([, scheme = '', authority = '']) => {
    // A URL of PostgreSQL may name several hosts.
    const hosts = authority.slice(authority.lastIndexOf('@') + 1).split(',')
    return hosts.flatMap(host => parse(host, findUsual(scheme.toLowerCase())))
  })
}

/** A scheme may name its driver, too: `postgresql+psycopg`. */
function findUsual(scheme: string): number | undefined {
  const [known] = scheme.split('+').filter(part => Object.hasOwn(USUAL, part))
  return known === undefined ? undefined : USUAL[known]
}

/** The addresses of a list in which everything is one. */
function parseAll(texts: readonly string[]): Address[] {
  const found = texts.map(text => parse(text))
  return found.every(addresses => addresses.length > 0) ? found.flat() : []
}

function parse(text: string, usual?: number): Address[] {
  const [, six, name, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]*[\w]))\.?(?::(\d{1,5}))?$/i.exec(text) ?? []
  // An IPv6 address can be written in several ways.
  const host = isIPv6(six ?? '') ? new URL(`http://[${six}]`).hostname.slice(1, -1) : (name ?? '').toLowerCase()
  const port = digits === undefined ? usual : Number(digits)
  const isHost = isIP(host) > 0 || /[a-z]/.test(host)
  return isHost && port !== undefined && port > 0 && port < 65_536 ? [{ host, port }] : []
}
