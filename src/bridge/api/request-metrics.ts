import { Counter, Histogram, type Registry } from 'prom-client'

/** What one answered request tells. */
export interface AnsweredRequest {
  readonly method: string
  readonly route: string
  readonly code: number
  readonly seconds: number
}

// Known beforehand, so that rates are right from the first request on.
const knownRequests: readonly (readonly [method: string, route: string, ...codes: number[]])[] = [
  ['POST', '/files/', 201, 500, 503, 507],
  ['HEAD', '/files/:id', 200, 500, 503],
  ['PATCH', '/files/:id', 204, 500, 503, 507],
  ['DELETE', '/files/:id', 204, 500],
  ['POST', '/uploads', 201, 500, 503, 507],
  ['GET', '/uploads/:id', 200, 500, 503],
]

/** Makes the metrics of HTTP requests; returns the function that counts one. */
export function createRequestMetrics(registry: Registry, version: string): (request: AnsweredRequest) => void {
  const requests = new Counter({
    name: 'upload_bridge_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'code', 'version'],
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
  return ({ method, route, code, seconds }) => {
    requests.inc({ method, route, code, version })
    durations.observe({ method, route }, seconds)
  }
}
