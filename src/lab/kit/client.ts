import { join } from 'node:path'
import { LabError } from '../../lab-port/index.ts'
import { callService } from '../customer/call-service.ts'
import type { Deployment } from './fault.ts'

/** How the API answers a key that is not known any more, one that is blocked, and one whose quota is used up. */
export const UNAUTHENTICATED = 401
export const BLOCKED = 403
const QUOTA_EXCEEDED = 429

/** What one upload announces, in bytes. It fits on the volume, and 28 of them are over the quota. */
const ANNOUNCED = 150 * 1024 * 1024

/** Makes a client's key. Returns its id, and the file that it is in. */
export async function makeClientKey({
  notesPath,
  bridgectl,
}: Deployment): Promise<{ readonly key: string; readonly keyFile: string }> {
  const key = `customer-${Date.now().toString(36)}`
  const keyFile = join(notesPath, `${key}.key`)
  await bridgectl('keys', 'create', key, '--role', 'upload', '--output', keyFile)
  return { key, keyFile }
}

/** A client with a key, at an address of this machine. */
export interface Client {
  /** Sends one small upload. */
  sendWhole(): Promise<void>
  /** Announces a large upload and deletes it again, so that the volume stays as it is. Returns the status of the first. */
  announce(): Promise<number>
  /** Announces uploads until the quota is used up. */
  exhaustQuota(): Promise<void>
}

/** Opens a customer's program, which sends from an address of this machine. */
export function openClient({ customer, signal }: Deployment, keyFile: string, localAddress: string): Client {
  const call = async (method: string, path: string, headers: Record<string, string>, body = '') => {
    const sent = { method, headers: { 'tus-resumable': '1.0.0', ...headers }, body, localAddress, signal }
    const answer = await callService({ ...customer, keyFile }, path, sent)
    return { status: answer.status, path: new URL(answer.headers.location ?? '', customer.url).pathname }
  }
  const client: Client = {
    async sendWhole() {
      const { status, path } = await call('POST', '/files/', { 'upload-length': '5' })
      if (status !== 201) throw new LabError('cannot-break', `the API answered ${status} to a customer`)
      const headers = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
      await call('PATCH', path, headers, 'hello')
    },
    async announce() {
      const { status, path } = await call('POST', '/files/', { 'upload-length': String(ANNOUNCED) })
      if (status === 201) await call('DELETE', path, {})
      return status
    },
    async exhaustQuota() {
      for (let count = 0; (await client.announce()) !== QUOTA_EXCEEDED; count++)
        if (count > 100) throw new LabError('cannot-break', 'the API has no quota for a client')
    },
  }
  return client
}
