import type { Logger } from 'pino'
import type { ReceivedUpload } from '../database/upload-states.ts'
import type { WriteAudit } from '../telemetry/audit.ts'
import { describeTransfer } from '../telemetry/describe-transfer.ts'
import type { UploadMetrics } from './upload-metrics.ts'

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
