import { isIP } from 'node:net'
import * as z from 'zod/mini'
import { documentKey } from '../base/index.ts'

const header = () => z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'expected the name of a header'))
const names = () => z.optional(z.array(z.string().check(z.minLength(1))))
const address = z.string().check(z.refine(isAddress, 'expected an address, or a network such as 10.0.0.0/24'))

/** The proxy that signs people in for `handbook serve`. */
export const proxy = z.strictObject({
  addresses: documentKey(
    'The addresses, or networks, from which the proxy connects; the headers are refused from all others',
    z.array(address).check(z.minLength(1, 'expected at least one address')),
  ),
  personHeader: documentKey('The header that holds who sends a request', header()),
  groupsHeader: documentKey('The header that holds the groups of that person', z.optional(header())),
  groups: documentKey(
    'The groups of a `responder` and of an `approver`',
    z.optional(z.strictObject({ responder: names(), approver: names() })),
  ),
  others: documentKey(
    'The role of whoever is in none of them',
    z._default(z.enum(['reader', 'responder', 'approver']), 'reader'),
  ),
})

function isAddress(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
}
