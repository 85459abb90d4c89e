import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import type { ReceivedUpload } from '../database/upload-states.ts'
import { isContentRefusal, reasonOfRefusal } from '../problem/bridge-problem.ts'
import type { ProblemCode } from '../problem/problem-types.ts'
import type { WriteAudit } from '../telemetry/audit.ts'
import { describeTransfer } from '../telemetry/log.ts'

const rejectionReasons = [
  'storage',
  'maintenance',
  'database',
  'too-large',
  'content',
  'archive',
  'malware',
  'quota',
  'overload',
] as const

/** Counts what becomes of uploads. */
export interface UploadMetrics {
  acknowledged(): void
  /** Counts an upload that was answered with a problem, when the problem is a refusal. */
  rejected(code: ProblemCode): void
}

/** Makes the counters of uploads. */
export function createUploadMetrics(registry: Registry): UploadMetrics {
  const acknowledged = new Counter({
    name: 'upload_bridge_uploads_acknowledged_total',
    help: 'Uploads acknowledged by this process',
    registers: [registry],
  })
  const rejected = new Counter({
    name: 'upload_bridge_uploads_rejected_total',
    help: 'New uploads refused',
    labelNames: ['reason'],
    registers: [registry],
  })
  for (const reason of rejectionReasons) rejected.inc({ reason }, 0)
  return {
    acknowledged: () => acknowledged.inc(),
    rejected(code) {
      const reason = reasonOf(code)
      if (reason !== undefined) rejected.inc({ reason })
    },
  }
}

function reasonOf(code: ProblemCode): (typeof rejectionReasons)[number] | undefined {
  switch (code) {
    case 'admission-closed-storage':
    case 'storage-insufficient':
    case 'storage-full':
      return 'storage'
    case 'admission-closed':
      return 'maintenance'
    case 'database-unavailable':
      return 'database'
    case 'upload-too-large':
      return 'too-large'
    case 'quota-exceeded':
    case 'quota-storage-exceeded':
      return 'quota'
    case 'overloaded':
      return 'overload'
    default:
      return isContentRefusal(code) ? reasonOfRefusal(code) : undefined
  }
}

/** Makes what counts, logs and audits every acknowledged upload; told with the milliseconds since it began. */
export function createUploadRecord(log: Logger, audit: WriteAudit, metrics: UploadMetrics) {
  return ({ id, size, sha256 }: ReceivedUpload, duration: number): void => {
    metrics.acknowledged()
    const fields = { 'upload.id': id, 'file.hash.sha256': sha256, ...describeTransfer(size, duration / 1000) }
    log.info(fields, 'upload acknowledged')
    audit({
      action: 'upload.acknowledge',
      outcome: 'success',
      uploadId: id,
      message: `${size} bytes, SHA-256 ${sha256}`,
    })
  }
}
