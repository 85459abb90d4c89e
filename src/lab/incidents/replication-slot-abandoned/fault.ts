import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../../lab-port/index.ts'
import { readAdministrator } from '../../kit/administrator.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { query } from '../../postgres/postgres.ts'
import { waitUntil } from '../../processes/wait-until.ts'

const SLOT = 'old_standby'
/** The longest time that it takes to fill the disk, in milliseconds. */
const LIMIT = 120_000

/** The database's own disk is full of changes that are kept for a standby which is gone, so PostgreSQL has stopped. */
export const replicationSlotAbandoned: Fault = {
  name: 'replication-slot-abandoned',
  title: "The database's own disk is full",
  summary:
    'A replication slot that nobody reads keeps every change; the disk of PostgreSQL fills with them, and it stops and cannot start',
  async start(deployment) {
    const { signal, pid } = deployment
    demandVolume(deployment)
    const administrator = await readAdministrator(deployment)
    await query(administrator, `select pg_create_physical_replication_slot('${SLOT}', true)`)
    const fillOn = async () => {
      // The changes of months, in seconds. The last of them ends the server, and each restart has a little less room.
      await query(administrator, FILL).catch(() => undefined)
      await query(administrator, `select pg_switch_wal()`).catch(() => undefined)
      return pid('database') === undefined
    }
    if (await waitUntil(fillOn, { timeout: LIMIT, signal })) return
    throw new LabError('cannot-break', 'PostgreSQL does not stop, however full its disk is')
  },
  async stop(deployment) {
    if (!replicationSlotAbandoned.isActive(deployment)) return
    const { start, stop } = deployment
    const { data, reserve } = demandVolume(deployment)
    await stop('database')
    await rm(join(data, 'pg_replslot', SLOT), { recursive: true })
    await reserve.release()
    await start('database')
    await query(await readAdministrator(deployment), 'checkpoint')
    await reserve.make()
  },
  isActive: ({ databaseVolume }) =>
    databaseVolume !== undefined && existsSync(join(databaseVolume.data, 'pg_replslot', SLOT)),
}

const FILL = `select count(pg_logical_emit_message(false, 'month', repeat('x', 1000000))) from generate_series(1, 2000)`

function demandVolume({ databaseVolume }: Deployment): NonNullable<Deployment['databaseVolume']> {
  if (databaseVolume) return databaseVolume
  throw new LabError('cannot-break', 'this would fill the disk of this machine: handbook lab up, as shipped')
}
