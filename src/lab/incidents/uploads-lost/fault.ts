import { randomBytes } from 'node:crypto'
import { chown, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { sendUpload } from '../../kit/send-upload.ts'
import { initializeRepository, storeBackup } from '../../kit/store-backup.ts'
import { query } from '../../postgres/postgres.ts'

/** How many of the lost uploads the last backup has, how many of those lose their bytes too, and how many came after it. */
const BACKED_UP = 60
const WITHOUT_BYTES = 20
const LATER = 5

/** What each lab lost, until somebody brought it back. Connections and rows cannot be asked at once. */
const lost = new Map<string, readonly Lost[]>()

interface Lost {
  readonly id: string
  readonly row: string
  readonly bytes: Buffer<ArrayBuffer>
}

/** An operator deletes more rows and files than was meant. */
export const uploadsLost: Fault = {
  name: 'uploads-lost',
  title: 'An operator deletes acknowledged uploads',
  summary:
    'A clean-up by hand deletes the rows of 65 uploads that wait for their delivery, and the files of 20; 5 of them are in no backup',
  async start(deployment) {
    const { customer, databaseUrl: database, signal, storagePath } = deployment
    await initializeRepository(deployment)
    const folder = join(storagePath, '.backup-before-loss')
    // They wait for their delivery when the backup is made, and when they are deleted.
    await deployment.bridgectl('deliveries', 'pause', '--reason', 'downstream is being maintained')
    try {
      const sent: Omit<Lost, 'row'>[] = []
      const send = async (name: string) => {
        const bytes = randomBytes(2048)
        sent.push({ id: await sendUpload(customer, name, bytes, signal), bytes })
      }
      for (let count = 1; count <= BACKED_UP; count++) await send(`invoice-${count}.bin`)
      await deployment.bridgectl('backup', 'export', folder)
      for (let count = 1; count <= LATER; count++) await send(`invoice-late-${count}.bin`)
      const chosen = `where id in (${sent.map(({ id }) => `'${id}'`).join()})`
      const { rows } = await query(
        database,
        `select id, to_jsonb(u)::text as row from upload_bridge.uploads u ${chosen}`,
      )
      const rowOf = new Map(rows.map(({ id, row }) => [id, String(row)]))
      lost.set(
        deployment.notesPath,
        sent.map(each => ({ ...each, row: rowOf.get(each.id) ?? '' })),
      )
      await query(database, `delete from upload_bridge.uploads ${chosen}`)
      for (const { id } of sent.slice(0, WITHOUT_BYTES)) await rm(fileOf(deployment, id))
    } finally {
      await deployment.bridgectl('deliveries', 'resume')
    }
    await storeBackup(deployment, folder)
    await rm(folder, { recursive: true })
    void watchForReturn(deployment, database)
  },
  async stop(deployment) {
    const uploads = lost.get(deployment.notesPath)
    if (!uploads) return
    const { uid, gid } = await stat(join(deployment.storagePath, 'uploads'))
    for (const { id, bytes } of uploads) {
      await writeFile(fileOf(deployment, id), bytes, { mode: 0o640 })
      await chown(fileOf(deployment, id), uid, gid)
    }
    const json = `[${uploads.map(({ row }) => row).join()}]`.replaceAll("'", "''")
    await query(
      deployment.databaseUrl,
      `insert into upload_bridge.uploads select * from jsonb_populate_recordset(null::upload_bridge.uploads, '${json}'::jsonb)
        on conflict (id) do nothing`,
    )
    await deployment.bridgectl('deliveries', 'retry', '--all')
    lost.delete(deployment.notesPath)
  },
  isActive: ({ notesPath }) => lost.has(notesPath),
}

/** Waits until somebody else brought the uploads back, or the fault was healed. */
async function watchForReturn({ notesPath, signal }: Deployment, database: string): Promise<void> {
  const ids = (lost.get(notesPath) ?? []).map(({ id }) => `'${id}'`)
  const sql = `select from upload_bridge.uploads where state = 'delivered' and id in (${ids.join()})`
  while (lost.has(notesPath) && !signal.aborted) {
    await sleep(1000, undefined, { signal }).catch(() => undefined)
    const back = await query(database, sql).catch(() => undefined)
    if (back?.rowCount === ids.length) lost.delete(notesPath)
  }
}

function fileOf({ storagePath }: Deployment, id: string): string {
  return join(storagePath, 'uploads', id)
}
