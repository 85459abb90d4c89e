import { addedKey } from '../kit/added-key.ts'
import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'
import { editedMonitoring } from '../kit/edited-monitoring.ts'

/** Alerts fire, and nobody is told. */
export const alertsGoNowhere = () =>
  editedMonitoring({
    name: 'alerts-go-nowhere',
    title: 'Prometheus knows no Alertmanager',
    summary: 'The Alertmanager is missing in the configuration of Prometheus',
    change: () => ({ alerting: { alertmanagers: [] } }),
  })

/** The first errors after a start increase nothing. */
export const lateErrorSeries = () =>
  defectiveRelease({
    name: 'late-error-series',
    title: 'Errors are counted from the first one',
    summary: 'A release has no series of requests before the first such request',
    code: changeAnswers(
      `({ url }, reply, body) => (url.startsWith('/metrics') ? body.replace(/^upload_bridge_http_requests_total\\{.*\\} 0\\n/gm, '') : body)`,
    ),
  })

/** Every process is restarted when the database is down, for nothing. */
export const livenessNeedsDatabase = () =>
  defectiveRelease({
    name: 'liveness-needs-database',
    title: 'Liveness fails with the database',
    summary: 'A release answers /livez as it answers /readyz',
    code: changeAnswers(`async ({ url, socket }, reply, body) => {
  if (!url.startsWith('/livez')) return body
  const ready = await fetch('http://127.0.0.1:' + socket.localPort + '/readyz')
  reply.code(ready.status)
  return ready.text()
}`),
  })

/** It looks exactly like a service without incidents. */
export const noAlertRules = () =>
  editedMonitoring({
    name: 'no-alert-rules',
    title: 'Prometheus has no rules',
    summary: 'The rule files are missing in the configuration of Prometheus',
    change: () => ({ rule_files: [] }),
  })

/** Only the average is left, which hides the slow. */
export const noDurationHistogram = () =>
  defectiveRelease({
    name: 'no-duration-histogram',
    title: 'Durations are only summed up',
    summary: 'A release leaves the buckets of upload_bridge_http_request_duration_seconds out',
    code: changeAnswers(
      `({ url }, reply, body) => (url.startsWith('/metrics') ? body.replace(/^upload_bridge_http_request_duration_seconds_bucket.*\\n/gm, '') : body)`,
    ),
  })

/** A process that is too busy looks like one with nothing to do. */
export const noEventLoopLag = () =>
  defectiveRelease({
    name: 'no-event-loop-lag',
    title: 'Nothing tells how late the event loop is',
    summary: 'A release leaves nodejs_eventloop_lag out of its metrics',
    code: changeAnswers(
      `({ url }, reply, body) => (url.startsWith('/metrics') ? body.replace(/^nodejs_eventloop_lag.*\\n/gm, '') : body)`,
    ),
  })

/** Nobody sees any more how full the volume is. */
export const noResourceMetrics = () =>
  defectiveRelease({
    name: 'no-resource-metrics',
    title: 'Metrics do not tell the free space',
    summary: 'A release leaves upload_bridge_storage_available_bytes out of its metrics',
    code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^upload_bridge_storage_available_bytes.*\\n/gm, '') : body`),
  })

/** Restarts go unseen. */
export const noStartTime = () =>
  defectiveRelease({
    name: 'no-start-time',
    title: 'Nothing tells since when the API runs',
    summary: 'A release leaves process_start_time_seconds out of its metrics',
    code: changeAnswers(
      `({ url }, reply, body) => (url.startsWith('/metrics') ? body.replace(/^process_start_time_seconds.*\\n/gm, '') : body)`,
    ),
  })

/** Requests to guessed addresses fill Prometheus with series. */
export const pathsAsLabels = () =>
  defectiveRelease({
    name: 'paths-as-labels',
    title: 'Metrics have the address of a request as a label',
    summary: 'A release counts requests by the address that was asked for instead of its route',
    code: `
const paths = new Map()
${changeAnswers(`({ url }, reply, body) => {
  paths.set(url, (paths.get(url) ?? 0) + 1)
  if (!url.startsWith('/metrics')) return body
  const samples = [...paths].map(([path, count]) => 'upload_bridge_paths_total{path="' + path + '"} ' + count)
  return [body.trimEnd(), '# HELP upload_bridge_paths_total Requests', '# TYPE upload_bridge_paths_total counter', ...samples, ''].join('\\n')
}`)}`,
  })

/** The answer of a quick first version of a health endpoint. */
export const plainHealth = () =>
  defectiveRelease({
    name: 'plain-health',
    title: 'Health answers are plain text',
    summary: 'A release answers /livez and /readyz with the word OK',
    code: changeAnswers(`({ url }, reply, body) => {
  if (!/^\\/(?:livez|readyz)/.test(url)) return body
  reply.type('text/plain')
  return 'OK'
}`),
  })

/** The prober gives up and takes a slow dependency for a dead process. */
export const readinessWaits = () =>
  defectiveRelease({
    name: 'readiness-waits',
    title: 'Readiness waits for the database',
    summary: 'A release asks the database before it answers /readyz, however long that takes',
    code: `${addedKey('of-readiness')}${changeAnswers(`async ({ url, socket }, reply, body) => {
  const headers = { authorization: 'Bearer of-readiness' }
  if (url.startsWith('/readyz')) await fetch('http://127.0.0.1:' + socket.localPort + '/uploads/' + '0'.repeat(32), { headers })
  return body
}`)}`,
  })

/** Readiness still checks, but its status code no longer shows failures. */
export const readinessWithoutChecks = () =>
  defectiveRelease({
    name: 'readiness-without-checks',
    title: 'Readiness does not say what it depends on',
    summary: 'A release answers /readyz with no dependency in its checks',
    code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/readyz') ? JSON.stringify({ ...JSON.parse(body), checks: {} }) : body`),
  })

/** A load balancer sends requests until the very end. */
export const readyWhileDraining = () =>
  defectiveRelease({
    name: 'ready-while-draining',
    title: 'Readiness does not know of the shutdown',
    summary: 'A release says that it is ready while it drains',
    code: changeAnswers(`({ url }, reply, body) => {
  if (!url.startsWith('/readyz')) return body
  const { checks: { shutdown, ...checks }, ...rest } = JSON.parse(body)
  if (!shutdown) return body
  reply.code(200)
  return JSON.stringify({ ...rest, status: 'pass', checks })
}`),
  })

/** Requests still arrive at a process that cannot answer them. */
export const readyWithoutDatabase = () =>
  defectiveRelease({
    name: 'ready-without-database',
    title: 'Readiness does not look at the database',
    summary: 'A release says that it is ready while the database is down',
    code: changeAnswers(`({ url }, reply, body) => {
  if (!url.startsWith('/readyz')) return body
  const { checks, ...rest } = JSON.parse(body)
  if (checks.shutdown) return body
  reply.code(200)
  return JSON.stringify({ ...rest, status: 'pass', checks: { ...checks, database: [{ status: 'pass' }] } })
}`),
  })

/** Refusals look like nothing at all. */
export const uncountedRequests = () =>
  defectiveRelease({
    name: 'uncounted-requests',
    title: 'Refused requests are not counted',
    summary: 'A release counts no request that it answered with 404',
    code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^upload_bridge_http_requests_total\\{[^}]*code="404".*\\n/gm, '') : body`),
  })

/** Deliveries are not watched, and nothing says so. */
export const workerUnscraped = () =>
  editedMonitoring({
    name: 'worker-unscraped',
    title: 'Prometheus does not scrape the worker',
    summary: 'The job of the worker is missing in the configuration of Prometheus',
    unscrapes: 'upload-bridge-worker',
    change: ({ scrape_configs: jobs }) => ({
      scrape_configs: Array.isArray(jobs) ? jobs.filter(({ job_name: name }) => name !== 'upload-bridge-worker') : [],
    }),
  })

/** The forecast of a full volume comes when it is full. */
export const wrongFreeSpace = () =>
  defectiveRelease({
    name: 'wrong-free-space',
    title: 'Metrics tell twice the free space',
    summary: 'A release counts the free bytes of the volume twice',
    code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics')
    ? body.replace(/^(upload_bridge_storage_available_bytes) (\\S+)/gm, (_, name, value) => name + ' ' + 2 * value)
    : body`),
  })
