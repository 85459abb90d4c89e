import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../../lab-port/index.ts'
import { callService } from '../../customer/call-service.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'

/** The abuse in each lab, by its folder of notes: the id of the key, and how to end it. */
const abuses = new Map<string, { readonly key: string; readonly end: AbortController }>()

/** From where the customer sends, and from where the thief does: both are this machine. */
const CUSTOMER = '127.0.0.7'
const THIEF = '127.0.0.66'

const UNAUTHENTICATED = 401
const QUOTA_EXCEEDED = 429
/** What one upload announces, in bytes. It fits on the volume, and 28 of them are over the quota. */
const ANNOUNCED = 150 * 1024 * 1024

/** Somebody found a customer's key, and sends with it from elsewhere, as much as the quota allows and more. */
export const keyAbused: Fault = {
  name: 'key-abused',
  title: "A customer's key is abused",
  summary:
    "Somebody found a customer's API key, and announces upload after upload with it from another address, far over the quota",
  async start(deployment) {
    const key = `customer-${Date.now().toString(36)}`
    const file = join(deployment.notesPath, `${key}.key`)
    await deployment.bridgectl('keys', 'create', key, '--role', 'upload', '--output', file)
    const customer = caller(deployment, file, CUSTOMER)
    for (let count = 0; count < 3; count++) await customer.sendWhole()
    const thief = caller(deployment, file, THIEF)
    for (let count = 0; (await thief.announce()) !== QUOTA_EXCEEDED; count++)
      if (count > 100) throw new LabError('cannot-break', 'the API has no quota for a client')
    const end = new AbortController()
    abuses.set(deployment.notesPath, { key, end })
    void abuse(deployment, thief, AbortSignal.any([end.signal, deployment.signal]))
  },
  async stop(deployment) {
    const abused = abuses.get(deployment.notesPath)
    if (!abused) return
    abused.end.abort()
    abuses.delete(deployment.notesPath)
    await deployment.bridgectl('keys', 'revoke', abused.key)
  },
  isActive: ({ notesPath }) => abuses.has(notesPath),
}

/** Announces uploads until the key is refused. */
async function abuse({ notesPath }: Deployment, thief: Caller, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const status = await thief.announce().catch(() => undefined)
    if (status === UNAUTHENTICATED) return void abuses.delete(notesPath)
    await sleep(50, undefined, { signal }).catch(() => undefined)
  }
}

/** A client with a key, at an address of this machine. */
interface Caller {
  /** Sends one small upload. */
  sendWhole(): Promise<void>
  /** Announces a large upload and deletes it again, so that the volume stays as it is. Returns the status of the first. */
  announce(): Promise<number>
}

function caller({ customer, signal }: Deployment, keyFile: string, localAddress: string): Caller {
  const call = async (method: string, path: string, headers: Record<string, string>, body = '') => {
    const sent = { method, headers: { 'tus-resumable': '1.0.0', ...headers }, body, localAddress, signal }
    const answer = await callService({ ...customer, keyFile }, path, sent)
    return { status: answer.status, path: new URL(answer.headers.location ?? '', customer.url).pathname }
  }
  return {
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
  }
}
