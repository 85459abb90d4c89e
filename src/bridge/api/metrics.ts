import type { Logger } from 'pino'
import { Counter, Histogram, type Registry } from 'prom-client'
import { isOwn } from '../auth/roles.ts'
import type { ReceivedUpload } from '../database/upload-states.ts'
import { isContentRefusal, reasonOfRefusal } from '../problem/bridge-problem.ts'
import type { ProblemCode } from '../problem/problem-types.ts'
import type { WriteAudit } from '../telemetry/audit.ts'
import { describeTransfer, requestContext } from '../telemetry/log.ts'

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
  'blocked',
] as const

/** Counts how uploads end. */
export interface UploadMetrics {
  acknowledged(own: boolean): void
  /** Counts an upload that was answered with a problem, if this problem is a refusal. */
  rejected(code: ProblemCode, own: boolean): void
}

/** Makes the counters of uploads. */
export function createUploadMetrics(registry: Registry): UploadMetrics {
  const acknowledged = new Counter({
    name: 'upload_bridge_uploads_acknowledged_total',
    help: 'Uploads acknowledged by this process; those of our own keys have the label synthetic',
    labelNames: ['synthetic'],
    registers: [registry],
  })
  const rejected = new Counter({
    name: 'upload_bridge_uploads_rejected_total',
    help: 'New uploads refused; those of our own keys have the label synthetic',
    labelNames: ['reason', 'synthetic'],
    registers: [registry],
  })
  acknowledged.inc(0)
  for (const reason of rejectionReasons) rejected.inc({ reason }, 0)
  return {
    acknowledged: own => acknowledged.inc(labelOf(own)),
    rejected(code, own) {
      const reason = reasonOf(code)
      if (reason !== undefined) rejected.inc({ reason, ...labelOf(own) })
    },
  }
}

/** Nothing for a customer's: so those are the series that were there before. */
function labelOf(own: boolean): { synthetic?: 'true' } {
  return own ? { synthetic: 'true' } : {}
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
    case 'client-blocked':
      return 'blocked'
    case 'overloaded':
      return 'overload'
    default:
      return isContentRefusal(code) ? reasonOfRefusal(code) : undefined
  }
}

/** Makes the function that counts, logs and audits every acknowledged upload. Its argument says how many milliseconds the upload took. */
export function createUploadRecord(log: Logger, audit: WriteAudit, metrics: UploadMetrics) {
  return ({ id, size, sha256 }: ReceivedUpload, duration: number): void => {
    metrics.acknowledged(isOwn(requestContext.getStore()?.key))
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

/** The facts of one answered request. */
export interface AnsweredRequest {
  readonly method: string
  readonly route: string
  readonly code: number
  readonly seconds: number
  /** Whether it came from the operators of the deployment: a canary, a probe, a page that is run. */
  readonly isOwn: boolean
}

// Set up at the start, so that rates are right from the first request on.
const knownRequests: readonly (readonly [method: string, route: string, ...codes: number[]])[] = [
  ['POST', '/files/', 201, 500, 503, 507],
  ['HEAD', '/files/:id', 200, 500, 503],
  ['PATCH', '/files/:id', 204, 500, 503, 507],
  ['DELETE', '/files/:id', 204, 500],
  ['POST', '/uploads', 201, 500, 503, 507],
  ['GET', '/uploads/:id', 200, 500, 503],
]

/** Makes the metrics of HTTP requests. Returns the function that counts one request. */
export function createRequestMetrics(registry: Registry, version: string): (request: AnsweredRequest) => void {
  const requests = new Counter({
    name: 'upload_bridge_http_requests_total',
    help: 'Requests answered; those of our own keys have the label synthetic',
    labelNames: ['method', 'route', 'code', 'version', 'synthetic'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'upload_bridge_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers: [registry],
  })
  for (const [method, route, ...codes] of knownRequests) {
    for (const code of codes) requests.inc({ method, route, code, version }, 0)
    durations.zero({ method, route })
  }
  return ({ method, route, code, seconds, isOwn }) => {
    // Customers' requests have no such label, so that their series stay as they were.
    requests.inc({ method, route, code, version, ...labelOf(isOwn) })
    durations.observe({ method, route }, seconds)
  }
}
