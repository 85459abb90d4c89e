import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../../lab-port/index.ts'
import { askUpload } from '../../kit/ask-upload.ts'
import { defectiveRelease } from '../../kit/defective-release.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { readUploadState, sendUpload } from '../../kit/send-upload.ts'
import { waitUntil } from '../../processes/wait-until.ts'

const NAME = 'holiday-2026.heic.bin'
/** How soon it is seen that the worker is gone, in milliseconds: at the lab's time scale, the unit's seconds are less. */
const RESTART = 100

const dying = defectiveRelease({
  name: 'worker-crashes',
  title: 'The worker dies over one upload',
  summary: 'The worker of a new release dies each time that it begins to deliver one upload, and is started anew',
  kind: 'incident',
  programs: ['worker'],
  // A release that looks into pictures before it sends them, and does not know one of their kinds.
  code: `
const readers = { '.jpg': 2, '.png': 8 }
require('node:diagnostics_channel').channel('http.client.request.start').subscribe(function measurePicture({ request }) {
  const name = String(request.getHeader('x-upload-name') ?? '').replace('.bin', '')
  if (!/\\.(jpg|png|heic)$/.test(name)) return
  request.signature = Buffer.alloc(readers[/\\.\\w+$/.exec(name)[0]].valueOf())
})
`,
  restarted: ['api', 'worker'],
})

/** In each lab, by its folder of notes: the upload, and how to end what starts the worker anew. */
const running = new Map<string, { readonly end: AbortController; upload?: string }>()

/** A release whose worker cannot bear one upload, which it must not be stopped by. */
export const workerCrashes: Fault = {
  ...dying,
  async start(deployment) {
    const { customer, notesPath, signal } = deployment
    const note: { end: AbortController; upload?: string } = { end: new AbortController() }
    running.set(notesPath, note)
    void restartAlways(deployment, AbortSignal.any([signal, note.end.signal]))
    await dying.start(deployment)
    const upload = await sendUpload(customer, NAME, Buffer.alloc(4096, 7), signal)
    note.upload = upload
    const isHeld = async () => (await readUploadState(customer, upload, signal)) === 'held'
    if (await waitUntil(isHeld, { timeout: 60_000, interval: 100, signal })) return
    throw new LabError(
      'cannot-break',
      'the worker dies over an upload again and again, and the service does not hold it',
    )
  },
  async stop(deployment) {
    await dying.stop(deployment)
    const { end, upload } = running.get(deployment.notesPath) ?? {}
    end?.abort()
    if (upload !== undefined && (await askUpload(deployment, upload)) === 'held')
      await deployment.bridgectl('deliveries', 'release', upload)
    running.delete(deployment.notesPath)
  },
}

/** What `Restart=always` does: in the lab, nothing is restarted by itself. */
async function restartAlways(deployment: Deployment, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (deployment.pid('worker') === undefined) await deployment.start('worker').catch(() => undefined)
    await sleep(RESTART, undefined, { signal }).catch(() => undefined)
  }
}
