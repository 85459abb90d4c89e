import { isIP, isIPv6 } from 'node:net'
import type { Address } from './addresses.ts'

/** Where an address is met in a network that has nothing but loopback. */
export interface StandIn {
  readonly address: Address
  /** The IP address that stands for its host there. */
  readonly ip: string
}

/** Where each address is met: an IP address at itself, each name at a loopback address of its own. */
export function assignStandIns(addresses: readonly Address[]): readonly StandIn[] {
  const names = [...new Set(addresses.flatMap(({ host }) => (isIP(host) > 0 || OWN.has(host) ? [] : host)))]
  return addresses.map(address => ({ address, ip: findIp(address.host, names) }))
}

/** Whether an IP address is there in a network that has nothing but loopback. */
export function isLoopback(ip: string): boolean {
  return isIPv6(ip) ? ip === '::1' : ip.startsWith('127.')
}

/** The file of hosts for there: what this machine's says, but for the names that something stands for. */
export function writeHosts(own: string, standIns: readonly StandIn[]): string {
  const named = new Map(standIns.flatMap(({ address: { host }, ip }) => (host === ip ? [] : [[host, ip] as const])))
  const kept = own.split('\n').filter(line => {
    const [, ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/)
    return names.includes('localhost') || !names.some(name => named.has(name))
  })
  named.delete('localhost')
  // A name may be asked for with the dot at its end.
  return [...[...named].map(([name, ip]) => `${ip} ${name} ${name}.`), '127.0.0.1 localhost', ...kept].join('\n')
}

/** What always means this machine. */
const OWN: ReadonlyMap<string, string> = new Map([
  ['localhost', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

function findIp(host: string, names: readonly string[]): string {
  const own = OWN.get(host)
  if (own !== undefined) return own
  const at = names.indexOf(host) + 1
  return at === 0 ? host : `127.83.${at >> 8}.${at & 255}`
}
