import { randomBytes } from 'node:crypto'
import type { Fault } from '../../kit/fault.ts'
import { heldSession } from '../../kit/held-session.ts'
import { sendUpload } from '../../kit/send-upload.ts'

/** How many uploads wait when the session locks their rows: each keeps one of the worker's connections for seconds. */
const WAITING = 60

const session = heldSession({
  name: 'rows-left-locked',
  title: 'Uploads that wait were changed by hand and left locked',
  summary:
    'Somebody changes the rows of 60 uploads that wait, by hand, and never commits; the worker sends them and waits with all its connections to record it',
  application: 'psql by hand',
  lock: `update upload_bridge.uploads set name = trim(name) where state = 'pending'`,
})

/** A session that is idle in its transaction keeps the rows of uploads that wait, and the worker with them. */
export const rowsLeftLocked: Fault = {
  ...session,
  async start(deployment) {
    await deployment.bridgectl('deliveries', 'pause', '--reason', 'names of uploads are being corrected')
    try {
      for (let sent = 0; sent < WAITING; sent++) {
        await sendUpload(deployment.customer, 'scan.bin', randomBytes(1024), deployment.signal)
      }
      await session.start(deployment)
    } finally {
      await deployment.bridgectl('deliveries', 'resume')
    }
  },
}
