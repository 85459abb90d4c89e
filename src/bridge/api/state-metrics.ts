import type { Logger } from 'pino'
import { Gauge, type Registry } from 'prom-client'
import { readAdmission } from '../admission/admission.ts'
import { readBackupRecord } from '../backup/backup-record.ts'
import type { Configuration } from '../configuration/schema.ts'
import { pingClamd } from '../content/check-malware.ts'
import type { DatabaseMonitor } from '../database/database-monitor.ts'
import { readSpace } from '../storage/layout.ts'
import type { PartialsWatch } from '../storage/partials-watch.ts'
import { checkPatience } from '../telemetry/health.ts'
import type { Cleaner } from '../uploads/clean-expired.ts'

/** The sources that the gauges read at each scrape. */
export interface ObservedState {
  readonly storagePath: string
  readonly statePath: string
  readonly scan: () => Configuration['scan']
  readonly monitor: DatabaseMonitor
  readonly partials: PartialsWatch
  readonly cleaner: Cleaner
  readonly log: Logger
}

interface Sample {
  readonly name: string
  readonly help: string
}

/** Makes the gauges of storage, partial uploads, admission and deliveries. A gauge with an unknown value has no sample. */
export function createStateMetrics(registry: Registry, state: ObservedState): () => Promise<void> {
  const gauges = new Map(
    samples.map(({ name, help }) => [name, new Gauge({ name: `upload_bridge_${name}`, help, registers: [registry] })]),
  )
  const set = (values: Readonly<Record<SampleName, number | undefined>>) => {
    for (const [name, gauge] of gauges) {
      const value = values[name]
      // A gauge without labels keeps a zero after reset(), so it is removed instead.
      if (value === undefined) gauge.remove()
      else gauge.set(value)
    }
  }
  return async () => set(await observe(state))
}

const samples = [
  { name: 'storage_size_bytes', help: 'Size of the storage volume' },
  { name: 'storage_available_bytes', help: 'Bytes that may still be written to the storage volume' },
  { name: 'storage_promised_bytes', help: 'Bytes that uploads which have begun still expect' },
  { name: 'storage_files', help: 'Inodes of the storage volume' },
  { name: 'storage_files_free', help: 'Inodes that are free' },
  { name: 'uploads_partial', help: 'Uploads begun and not complete' },
  { name: 'uploads_partial_bytes', help: 'Bytes that partial uploads take' },
  { name: 'uploads_partial_oldest_timestamp_seconds', help: 'Last write to the partial upload longest untouched' },
  { name: 'cleaner_last_success_timestamp_seconds', help: 'When expired partial uploads were last removed' },
  { name: 'admission_open', help: 'Whether new uploads are admitted' },
  { name: 'database_up', help: 'Whether the database answers' },
  { name: 'scanner_up', help: 'Whether the malware scanner answers; no sample without scan.address' },
  { name: 'deliveries_pending', help: 'Acknowledged uploads not delivered yet' },
  { name: 'deliveries_held', help: 'Acknowledged uploads held for a reason' },
  { name: 'deliveries_damaged', help: 'Acknowledged uploads whose bytes on the volume are missing or damaged' },
  { name: 'deliveries_oldest_pending_timestamp_seconds', help: 'Acknowledgement of the oldest pending delivery' },
  {
    name: 'deliveries_first_due_timestamp_seconds',
    help: 'Acknowledgement of the pending delivery that is due first, plus the time of its size at the agreed rate',
  },
  { name: 'deliveries_second_due_timestamp_seconds', help: 'The same of the one that is due next' },
  { name: 'deliveries_paused', help: 'Whether deliveries are paused' },
  { name: 'backup_last_success_timestamp_seconds', help: 'When a backup was last stored and verified; 0 is never' },
  { name: 'backup_last_restore_drill_timestamp_seconds', help: 'When a backup was last brought back; 0 is never' },
] as const satisfies readonly Sample[]

type SampleName = (typeof samples)[number]['name']

async function observe(state: ObservedState): Promise<Record<SampleName, number | undefined>> {
  const scanner = askScanner(state.scan())
  const space = await known(readSpace(state.storagePath), state.log)
  const partials = state.partials.current
  const admission = await known(readAdmission(state.statePath), state.log)
  const backup = await known(readBackupRecord(state.statePath), state.log)
  const deliveries = state.monitor.summary
  return {
    storage_size_bytes: space?.size,
    storage_available_bytes: space?.available,
    storage_promised_bytes: partials?.promised,
    storage_files: space?.files,
    storage_files_free: space?.filesFree,
    uploads_partial: partials?.count,
    uploads_partial_bytes: partials?.bytes,
    uploads_partial_oldest_timestamp_seconds: seconds(partials?.oldest),
    cleaner_last_success_timestamp_seconds: seconds(state.cleaner.lastSuccess),
    admission_open: admission?.open === false ? 0 : 1,
    database_up: deliveries === undefined ? 0 : 1,
    scanner_up: await scanner,
    deliveries_pending: deliveries?.pending,
    deliveries_held: deliveries?.held,
    deliveries_damaged: deliveries?.damaged,
    deliveries_oldest_pending_timestamp_seconds: seconds(deliveries?.oldestPending),
    deliveries_first_due_timestamp_seconds: seconds(state.monitor.due?.first),
    deliveries_second_due_timestamp_seconds: seconds(state.monitor.due?.second),
    deliveries_paused: deliveries === undefined ? undefined : Number(deliveries.paused),
    // "Never" is a number too. For a series that does not exist, an alert cannot compute an age.
    backup_last_success_timestamp_seconds: backup && Date.parse(backup.stored?.at ?? EPOCH) / 1000,
    backup_last_restore_drill_timestamp_seconds: backup && Date.parse(backup.restored?.at ?? EPOCH) / 1000,
  }
}

async function askScanner({ address }: Configuration['scan']): Promise<number | undefined> {
  if (address === undefined) return undefined
  return pingClamd(address, checkPatience).then(
    () => 1,
    () => 0,
  )
}

const EPOCH = new Date(0).toISOString()

function seconds(date: Date | null | undefined): number | undefined {
  return date == null ? undefined : date.getTime() / 1000
}

async function known<Value>(work: Promise<Value>, log: Logger): Promise<Value | undefined> {
  try {
    return await work
  } catch (error) {
    log.warn({ error }, 'part of the state could not be observed')
    return undefined
  }
}
