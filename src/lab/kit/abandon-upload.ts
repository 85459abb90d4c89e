import { randomBytes } from 'node:crypto'
import { LabError } from '../../lab-port/index.ts'

const TUS = { 'tus-resumable': '1.0.0' }

/** Out of space: the service refuses the upload, or cannot write its bytes. */
const NO_SPACE = 507

/** Begins a tus upload, sends all but its last byte and gives up. Returns its id; `undefined` when the service has no room for it. */
export async function abandonUpload(url: string, bytes: number, signal: AbortSignal): Promise<string | undefined> {
  const name = Buffer.from('video-recording.mp4').toString('base64')
  const created = await fetch(`${url}/files/`, {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(bytes + 1), 'upload-metadata': `filename ${name}` },
    signal,
  })
  await created.arrayBuffer()
  if (created.status === NO_SPACE) return undefined
  const location = created.headers.get('location')
  if (created.status !== 201 || location === null) {
    throw new LabError('part-failed', `the service answered ${created.status} to a client that began an upload`)
  }
  const address = new URL(location, `${url}/files/`)
  const sent = await fetch(address, {
    method: 'PATCH',
    headers: { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: randomBytes(bytes),
    signal,
  })
  await sent.arrayBuffer()
  if (sent.status !== 204 && sent.status !== NO_SPACE) {
    throw new LabError('part-failed', `the service answered ${sent.status} to a client that sent a part of an upload`)
  }
  return address.pathname.split('/').at(-1)
}

/** Removes an upload (the tus extension Termination). */
export async function withdrawUpload(url: string, id: string): Promise<void> {
  const response = await fetch(`${url}/files/${id}`, {
    method: 'DELETE',
    headers: TUS,
    signal: AbortSignal.timeout(5000),
  })
  await response.arrayBuffer()
}
