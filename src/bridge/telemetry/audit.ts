import { describeOrigin, describeRequest, type LogOrigin, printableLine } from './log.ts'
import type { Redact } from './redact.ts'
import { appendLine, type RotatingFile } from './rotating-file.ts'

/** An action that somebody took, or that was refused. */
export interface AuditEvent {
  /** The action, such as `upload.acknowledge` or `admission close`. */
  readonly action: string
  readonly outcome: 'success' | 'failure'
  /** The operator, or the id of the API key. Undefined for actions of the service itself. */
  readonly user?: string | undefined
  readonly uploadId?: string | undefined
  /** The id of the API key that was changed. */
  readonly keyId?: string | undefined
  /** The reason in the operator's words. */
  readonly reason?: string | undefined
  readonly message: string
}

/** Writes one event to the audit trail; never throws. */
export type WriteAudit = (event: AuditEvent) => void

/** The settings of the audit trail. */
export interface AuditRoom {
  readonly origin: LogOrigin
  /** Called for each event. */
  readonly file: () => RotatingFile
  readonly redact: Redact
  /** Called when an event could not be written. The work goes on: an incident is no time to refuse it. */
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
