import { once } from 'node:events'
import { rm, statfs } from 'node:fs/promises'
import { type ClientRequest, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../../lab-port/index.ts'
import { callService, readTrust } from '../../customer/call-service.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { isVolumeLow, requireVolume } from '../../kit/low-volume.ts'

/** The share of the volume that stays free. */
const LEFT = 0.02

/** How much is sent at once, in bytes. */
const PIECE = 1024 * 1024
/** What is sent at the end, in bytes, and the pause after each such piece in milliseconds: fast enough for the API to wait for more. */
const DRIP = 1024
const PAUSE = 250

const uploads = new Map<string, { readonly sending: ClientRequest; readonly file: string }>()

/** Somebody makes room by hand. The API has the file open, so that it goes on to take room, and no list shows it. */
export const deletedUploadOpen: Fault = {
  name: 'deleted-upload-open',
  title: 'The service has a deleted file open',
  summary:
    'A customer sends an upload that fills the volume, and slows down at its end; somebody deletes its file by hand, and the API goes on to write into it',
  async start(deployment) {
    requireVolume(deployment)
    const { customer, storagePath, signal, notesPath } = deployment
    const { bavail, blocks, bsize } = await statfs(storagePath)
    const size = Math.floor(bavail - LEFT * blocks) * bsize
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': String(size) }
    const created = await callService(customer, '/files/', { method: 'POST', headers, signal })
    if (created.status !== 201)
      throw new LabError('cannot-break', `the API answered ${created.status} to an upload of ${size} bytes`)
    const address = new URL(created.headers.location ?? '', customer.url)
    const sending = await openUpload(deployment, address, size)
    const file = join(storagePath, 'uploads', address.pathname.split('/').at(-1) ?? '')
    uploads.set(notesPath, { sending, file })
    let left = size
    for (; left > 2 * PIECE; left -= PIECE)
      if (!sending.write(Buffer.alloc(PIECE))) await once(sending, 'drain', { signal })
    await rm(file)
    void drip(sending, left, signal)
  },
  async stop({ notesPath }) {
    const upload = uploads.get(notesPath)
    if (upload === undefined) return
    upload.sending.destroy()
    uploads.delete(notesPath)
    // What it says of itself goes too, or the service would keep its room for another minute.
    await rm(`${upload.file}.json`, { force: true })
  },
  isActive: deployment => uploads.has(deployment.notesPath) && isVolumeLow(deployment),
}

async function openUpload({ customer, signal }: Deployment, address: URL, size: number): Promise<ClientRequest> {
  const { ca, headers } = await readTrust(customer)
  const tus = { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
  const all = { ...headers, ...tus, 'content-length': String(size) }
  const request = address.protocol === 'https:' ? requestHttps : requestHttp
  const sending = request(address, {
    method: 'PATCH',
    headers: all,
    agent: false,
    signal,
    ...(ca === undefined ? {} : { ca }),
  })
  // The connection ends with the API.
  return sending.on('error', () => undefined)
}

/** Sends the rest so slowly that it does not end. */
async function drip(sending: ClientRequest, size: number, signal: AbortSignal): Promise<void> {
  for (let left = size; left > 2 * DRIP && !sending.destroyed && !signal.aborted; left -= DRIP) {
    sending.write(Buffer.alloc(DRIP))
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined)
  }
}
