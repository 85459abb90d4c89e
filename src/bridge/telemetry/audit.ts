import { describeOrigin, describeRequest, type LogOrigin, printableLine } from './log.ts'
import type { Redact } from './redact.ts'
import { appendLine, type RotatingFile } from './rotating-file.ts'

/** Something that somebody did, or was refused. */
export interface AuditEvent {
  /** What, such as `upload.acknowledge` or `admission close`. */
  readonly action: string
  readonly outcome: 'success' | 'failure'
  /** The operator, or the id of the API key; what the service does by itself has none. */
  readonly user?: string | undefined
  readonly uploadId?: string | undefined
  /** The id of the API key that it was done to. */
  readonly keyId?: string | undefined
  /** Why, as an operator put it. */
  readonly reason?: string | undefined
  readonly message: string
}

/** Writes one event to the audit trail; never throws. */
export type WriteAudit = (event: AuditEvent) => void

/** What the audit trail needs. */
export interface AuditRoom {
  readonly origin: LogOrigin
  /** Asked anew for each event. */
  readonly file: () => RotatingFile
  readonly redact: Redact
  /** Told when an event could not be written: an incident is no time to refuse work over that. */
  readonly onFailure: (error: unknown) => void
}

/** Makes the audit trail: an append-only file of JSON lines, apart from the log, with the same field names. */
export function createAudit({ origin, file, redact, onFailure }: AuditRoom): WriteAudit {
  return ({ action, outcome, user, uploadId, keyId, reason, message }) => {
    const line = JSON.stringify({
      '@timestamp': new Date().toISOString(),
      'event.kind': 'event',
      'event.dataset': 'upload-bridge.audit',
      'event.action': action,
      'event.outcome': outcome,
      'event.reason': reason,
      'user.name': user,
      'user.target.name': keyId,
      'upload.id': uploadId,
      message,
      ...describeRequest(),
      ...describeOrigin(origin),
    })
    try {
      appendLine(file(), redact(printableLine(line)))
    } catch (error) {
      onFailure(error)
    }
  }
}
