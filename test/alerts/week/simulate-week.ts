import { createRandom } from '../../environment/create-random.ts'
import { countEvents } from './count-events.ts'
import { DAY, isWithin, minuteOf, usualUploads, WEEK } from './timeline.ts'

/** A value in one minute: `gap` where Prometheus did not look, nothing where it looked and found none. */
export type Sample = number | 'gap' | undefined

/** A series by its name with labels, and its value in each minute. */
export type Series = ReadonlyMap<string, readonly Sample[]>

/** What happens in a week beside its traffic, by its moments. */
const EVENTS = {
  /** A deployment starts both processes again; ten minutes later, somebody does so once more. */
  restarts: ['Tue 14:00', 'Tue 14:10'],
  /** One request of the 49 of a night's hour fails. */
  failure: 'Wed 03:10',
  /** Downstream takes a tenth of what comes, for 6 minutes. */
  slowDownstream: 'Thu 10:20',
  /** Prometheus itself gets nothing for a minute. */
  gaps: ['Mon 09:30', 'Fri 11:00', 'Sun 04:44'],
  /** A scrape of the API fails. */
  failedScrapes: ['Wed 16:05', 'Sat 12:00'],
  /** Clients that break off: their parts stay, until they are removed. */
  brokenOff: ['Mon 10:00', 'Thu 20:15', 'Sat 02:30'],
  /** A client sends more than its quota, and waits as it is told. */
  overQuota: 'Fri 15:00',
  /** Somebody sends a file with malware. */
  malware: 'Wed 13:20',
  /** One of the hourly backups fails. */
  missedBackup: 'Thu 05:00',
  /** The certificate is renewed, a month before its end. */
  renewal: 'Sat 04:00',
} as const

/** What a week is made with. */
export interface WeekOptions {
  /** The minutes in which the database does not answer; none in an ordinary week. */
  readonly databaseDown?: { readonly from: string; readonly minutes: number }
  readonly seed?: number
}

/** The series of a week of one deployment, scraped once a minute from Monday 00:00 on, which is the time 0 of Prometheus. */
export function simulateWeek({ databaseDown, seed = 1 }: WeekOptions = {}): Series {
  const random = createRandom(seed)
  const series = new Map<string, Sample[]>()
  const counters = { api: new Map<string, number>(), worker: new Map<string, number>() }
  const started = { api: -3 * DAY * 60, worker: -3 * DAY * 60 }
  const waiting: number[] = []
  let version = '1.4.2'
  let partial = 0

  for (let minute = 0; minute <= WEEK; minute++) {
    const isAt = (moments: readonly string[]) => moments.some(moment => minuteOf(moment) === minute)
    const isDown = databaseDown !== undefined && isWithin(minute, databaseDown.from, databaseDown.minutes)
    const now = minute * 60
    if (isAt(EVENTS.restarts)) {
      version = '1.4.3'
      for (const process of [counters.api, counters.worker]) process.clear()
      Object.assign(started, { api: now - 20, worker: now - 15 })
    }
    const api = count(counters.api, API, seriesOf => `${seriesOf}, version="${version}"`)
    const worker = count(counters.worker, WORKER)

    const uploads = countEvents(usualUploads(minute), random)
    if (isDown) {
      api('http_requests_total', 'method="POST", route="/files/", code="503"', uploads)
      api('uploads_rejected_total', 'reason="database"', uploads)
    } else {
      const multipart = countEvents(uploads * 0.2, random)
      api('http_requests_total', 'method="POST", route="/uploads", code="201"', multipart)
      api('http_requests_total', 'method="POST", route="/files/", code="201"', uploads)
      api('http_requests_total', 'method="PATCH", route="/files/:id", code="204"', uploads * 2)
      api('uploads_acknowledged_total', '', uploads)
      const came = Array.from({ length: uploads }, () => now - Math.floor(random() * 60))
      waiting.push(...came.sort((one, other) => one - other))
    }
    api('http_requests_total', 'method="POST", route="/files/", code="503"', 0)
    api('http_requests_total', 'method="PATCH", route="/files/:id", code="500"', Number(isAt([EVENTS.failure])))
    api('uploads_rejected_total', 'reason="quota"', isWithin(minute, EVENTS.overQuota, 10) ? 2 : 0)
    api('uploads_rejected_total', 'reason="malware"', Number(isAt([EVENTS.malware])))
    api('log_bytes_total', '', 4000 + uploads * 3000)
    if (isAt(EVENTS.brokenOff)) partial += 400 * MIB
    if (minute % DAY === 5 * 60) partial = 0

    const isSlow = isWithin(minute, EVENTS.slowDownstream, 6)
    // What came in within the last seconds still waits when Prometheus looks.
    const isDue = (at: number) => at < now - 3
    const due = isDown ? 0 : waiting.filter(isDue).length
    const delivered = waiting.splice(0, Math.min(due, isSlow ? 3 : 120)).length
    worker('deliveries_acknowledged_total', '', delivered)
    worker('delivery_attempts_total', 'result="acknowledged"', delivered)
    worker('delivery_attempts_total', 'result="timeout"', isSlow ? 4 : 0)
    worker('delivery_duration_seconds_sum', '', delivered * 0.2 + (isSlow ? 40 : 0))
    worker('log_bytes_total', '', 2000 + delivered * 1500)

    const isNightly = minute % DAY >= 2 * 60 && minute % DAY < 2 * 60 + 40
    const hour = Math.floor(minute / 60)
    const stored = hour === minuteOf(EVENTS.missedBackup) / 60 ? hour - 1 : hour
    const sinceStart = now - started.api
    const certificate = minute < minuteOf(EVENTS.renewal) ? 35 * DAY * 60 : 95 * DAY * 60
    const gauges: Readonly<Record<string, number | undefined>> = {
      [`process_start_time_seconds{${API}}`]: started.api,
      [`process_resident_memory_bytes{${API}}`]: (180 + 60 * (1 - Math.exp(-sinceStart / 3600)) + random() * 20) * MIB,
      [`nodejs_eventloop_lag_p99_seconds{${API}}`]: 0.012 + random() * 0.02 + (isNightly ? 0.15 : 0),
      [`upload_bridge_config_last_reload_successful{${API}}`]: 1,
      [`upload_bridge_clock_offset_seconds{${API}}`]: isDown ? undefined : (random() - 0.5) * 0.02,
      [`upload_bridge_storage_size_bytes{${API}}`]: 1000 * GIB,
      [`upload_bridge_storage_available_bytes{${API}}`]: availableAt(minute) - partial - (isNightly ? 20 * GIB : 0),
      [`upload_bridge_storage_promised_bytes{${API}}`]: partial,
      [`upload_bridge_storage_files{${API}}`]: 60_000_000,
      [`upload_bridge_storage_files_free{${API}}`]: 59_000_000 - waiting.length * 3,
      [`upload_bridge_cleaner_last_success_timestamp_seconds{${API}}`]:
        sinceStart < 300 ? undefined : now - (now % 300),
      [`upload_bridge_admission_open{${API}}`]: 1,
      [`upload_bridge_database_up{${API}}`]: isDown ? 0 : 1,
      [`upload_bridge_scanner_up{${API}}`]: 1,
      [`upload_bridge_deliveries_pending{${API}}`]: isDown ? undefined : waiting.length,
      [`upload_bridge_deliveries_held{${API}}`]: isDown ? undefined : 0,
      [`upload_bridge_deliveries_damaged{${API}}`]: isDown ? undefined : 0,
      [`upload_bridge_deliveries_oldest_pending_timestamp_seconds{${API}}`]: isDown ? undefined : waiting[0],
      [`upload_bridge_deliveries_first_due_timestamp_seconds{${API}}`]: isDown ? undefined : dueOf(waiting[0]),
      [`upload_bridge_deliveries_second_due_timestamp_seconds{${API}}`]: isDown ? undefined : dueOf(waiting[1]),
      [`upload_bridge_deliveries_paused{${API}}`]: isDown ? undefined : 0,
      [`upload_bridge_backup_last_success_timestamp_seconds{${API}}`]: stored * 3600 + 120,
      [`upload_bridge_backup_last_restore_drill_timestamp_seconds{${API}}`]: -20 * DAY * 60,
      [`process_start_time_seconds{${WORKER}}`]: started.worker,
      [`upload_bridge_config_last_reload_successful{${WORKER}}`]: 1,
      [`upload_bridge_clock_offset_seconds{${WORKER}}`]: isDown ? undefined : (random() - 0.5) * 0.02,
      [`upload_bridge_served_certificate_not_after_timestamp_seconds{${WORKER}, listener="uploads.example"}`]:
        certificate,
    }
    const isGap = isAt(EVENTS.gaps)
    const isMissed = { api: isAt(EVENTS.restarts) || isAt(EVENTS.failedScrapes), worker: isAt(EVENTS.restarts) }
    const put = (name: string, value: number | undefined) => {
      const missed = name.includes(API) ? isMissed.api : isMissed.worker
      const values = series.get(name) ?? Array.from<Sample>({ length: WEEK + 1 })
      values[minute] = isGap ? 'gap' : missed && !name.startsWith('up{') ? undefined : value
      series.set(name, values)
    }
    for (const process of [counters.api, counters.worker]) for (const [name, value] of process) put(name, value)
    for (const [name, value] of Object.entries(gauges)) put(name, value)
    put(`up{${API}}`, Number(!isMissed.api))
    put(`up{${WORKER}}`, Number(!isMissed.worker))
  }
  return series
}

const API = 'job="upload-bridge-api", instance="uploads-1:8080"'
const WORKER = 'job="upload-bridge-worker", instance="uploads-1:8081"'
const [MIB, GIB] = [2 ** 20, 2 ** 30]

/** Adds to the counters of a process, which begin at zero when it starts. */
function count(counters: Map<string, number>, process: string, label = (labels: string) => labels) {
  return (metric: string, labels: string, more: number) => {
    const all =
      metric === 'http_requests_total' ? label(`${process}, ${labels}`) : [process, labels].filter(Boolean).join(', ')
    const name = `upload_bridge_${metric}{${all}}`
    counters.set(name, (counters.get(name) ?? 0) + more)
  }
}

/** The bytes that are free: what came in goes a day later, so a working day takes what its night gives back. */
function availableAt(minute: number): number {
  const day = Math.sin(((minute % DAY) / DAY) * 2 * Math.PI)
  return (420 + 60 * day + (minute >= 5 * DAY ? 120 : 0) * Math.min((minute - 5 * DAY) / DAY, 1)) * GIB
}

/** When it is due, if its size takes a second. */
function dueOf(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time + 1
}
