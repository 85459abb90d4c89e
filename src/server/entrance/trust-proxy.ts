import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { HandbookFile } from '../../environments/index.ts'
import { Refused } from '../refusal.ts'
import type { Person } from './open-entrance.ts'

/** What a handbook says of the proxy that signs people in. */
export type TrustedProxy = NonNullable<NonNullable<HandbookFile['serve']>['proxy']>

/**
 * Whom the proxy names as the sender of a request; nobody, when the request has none of its headers. Throws when these come from another
 * address than the proxy's, or name nobody.
 */
export type AskProxy = (request: FastifyRequest) => Person | undefined

/** Believes what a proxy says of who sends a request, and nobody else. Only the address of the connection counts: a header can say any address. */
export function trustProxy({ addresses, personHeader, groupsHeader, groups, others: nobodys }: TrustedProxy): AskProxy {
  const trusted = listAddresses(addresses)
  const [person, member] = [personHeader, groupsHeader].map(name => name?.toLowerCase())
  return ({ raw: { headersDistinct: headers }, socket }) => {
    const read = (name: string | undefined) => (name === undefined ? undefined : headers[name])
    const name = read(person)
    const memberOf = read(member)
    if (name === undefined && memberOf === undefined) return undefined
    const from = plainAddress(socket.remoteAddress ?? '')
    if (!trusted.check(from, isIP(from) === 6 ? 'ipv6' : 'ipv4'))
      throw new Refused(403, 'Only the proxy may say who you are', 'The header of a person came from another address')
    // Of two, one may be the browser's own, which the proxy left.
    const [called = '', ...others] = name ?? []
    if (others.length > 0 || !/^[\w.@+-]{1,100}$/.test(called))
      throw new Refused(400, 'The proxy names nobody', 'Expected one name without spaces')
    const [list = '', ...more] = memberOf ?? []
    if (more.length > 0)
      throw new Refused(400, 'The proxy names groups twice', 'It must remove the header that a browser sends')
    const all = list.split(/[,;\s]+/)
    const has = (role: 'approver' | 'responder') => groups?.[role]?.some(group => all.includes(group))
    const role = has('approver') ? 'approver' : has('responder') ? 'responder' : nobodys
    return { person: called, role }
  }
}

function listAddresses(addresses: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of addresses) {
    const [address = '', bits] = text.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** An address of IPv4 as a socket of IPv6 spells it. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}
