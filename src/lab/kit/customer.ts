import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { LabError } from '../../lab-port/index.ts'
import type { Deployment } from './fault.ts'

/** How the API answers a key that is not known any more, one that is blocked, and one whose quota is used up. */
export const UNAUTHENTICATED = 401
export const BLOCKED = 403
const QUOTA_EXCEEDED = 429

/** What one upload announces, in bytes. It fits on the volume, and 28 of them are over the quota. */
const ANNOUNCED = 150 * 1024 * 1024

/** Makes the key of a new customer. */
export async function makeCustomerKey({
  notesPath,
  bridgectl,
}: Deployment): Promise<{ readonly key: string; readonly secret: string }> {
  const key = `customer-${Date.now().toString(36)}`
  const file = join(notesPath, `${key}.key`)
  await bridgectl('keys', 'create', key, '--role', 'upload', '--output', file)
  return { key, secret: (await readFile(file, 'utf8')).trim() }
}

/** A customer with a key, at an address of this machine. */
export interface Customer {
  /** Sends one small upload. */
  sendWhole(): Promise<void>
  /** Announces a large upload and deletes it again, so that the volume stays as it is. Returns the status of the first. */
  announce(): Promise<number>
  /** Announces uploads until the quota is used up. */
  exhaustQuota(): Promise<void>
}

/** Opens a customer's program, which sends from an address of this machine. */
export function openCustomer({ url, signal }: Deployment, secret: string, localAddress: string): Customer {
  const call = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const sent = { authorization: `Bearer ${secret}`, 'tus-resumable': '1.0.0', ...headers }
    const outgoing = request(new URL(path, url), { method, headers: sent, localAddress, agent: false, signal })
    outgoing.end(body)
    const [response] = await once(outgoing, 'response')
    response.resume()
    return { status: Number(response.statusCode), location: String(response.headers.location ?? '') }
  }
  const customer: Customer = {
    async sendWhole() {
      const { status, location } = await call('POST', '/files/', { 'upload-length': '5' })
      if (status !== 201) throw new LabError('cannot-break', `the API answered ${status} to a customer`)
      const headers = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
      await call('PATCH', new URL(location, url).pathname, headers, 'hello')
    },
    async announce() {
      const { status, location } = await call('POST', '/files/', { 'upload-length': String(ANNOUNCED) })
      if (status === 201) await call('DELETE', new URL(location, url).pathname, {})
      return status
    },
    async exhaustQuota() {
      for (let count = 0; (await customer.announce()) !== QUOTA_EXCEEDED; count++)
        if (count > 100) throw new LabError('cannot-break', 'the API has no quota for a client')
    },
  }
  return customer
}
