import { randomBytes } from 'node:crypto'
import { LabError } from '../../lab-port/index.ts'
import { type Customer, callService } from '../customer/call-service.ts'

const TUS = { 'tus-resumable': '1.0.0' }

/** Out of space: the service refuses the upload, or cannot write its bytes. */
const NO_SPACE = 507

/** Begins a tus upload, sends all but its last byte and gives up. Returns its id; `undefined` when the service has no room for it. */
export async function abandonUpload(
  customer: Customer,
  bytes: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const name = Buffer.from('video-recording.mp4').toString('base64')
  const headers = { ...TUS, 'upload-length': String(bytes + 1), 'upload-metadata': `filename ${name}` }
  const created = await callService(customer, '/files/', { method: 'POST', headers, signal })
  if (created.status === NO_SPACE) return undefined
  const { location } = created.headers
  if (created.status !== 201 || location === undefined) {
    throw new LabError('part-failed', `the service answered ${created.status} to a client that began an upload`)
  }
  const { pathname } = new URL(location, customer.url)
  const { status } = await callService(customer, pathname, {
    method: 'PATCH',
    headers: { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: randomBytes(bytes),
    signal,
  })
  if (status !== 204 && status !== NO_SPACE) {
    throw new LabError('part-failed', `the service answered ${status} to a client that sent a part of an upload`)
  }
  return pathname.split('/').at(-1)
}

/** Removes an upload (the tus extension Termination). */
export async function withdrawUpload(customer: Customer, id: string): Promise<void> {
  await callService(customer, `/files/${id}`, { method: 'DELETE', headers: TUS, signal: AbortSignal.timeout(5000) })
}
