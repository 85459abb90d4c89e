/** The result of one check, in the words of `application/health+json`. */
export interface HealthCheck {
  readonly status: 'pass' | 'warn' | 'fail'
  readonly output?: string
}

/** A whole health report. */
export interface HealthReport {
  readonly status: HealthCheck['status']
  /** The release; left out where it is not told to everybody. */
  readonly version?: string
  readonly output?: string
  readonly checks: Readonly<Record<string, readonly [HealthCheck]>>
}

/** The media type of health reports. */
export const healthMediaType = 'application/health+json'

/** Joins checks: the worst of them decides. */
export function reportHealth(version: string | undefined, checks: Readonly<Record<string, HealthCheck>>): HealthReport {
  const statuses = Object.values(checks).map(check => check.status)
  const status = statuses.includes('fail') ? 'fail' : statuses.includes('warn') ? 'warn' : 'pass'
  const entries = Object.entries(checks).map(([name, check]): [string, readonly [HealthCheck]] => [name, [check]])
  return { status, ...(version === undefined ? {} : { version }), checks: Object.fromEntries(entries) }
}

/** The HTTP status of a report: only a failure takes the process out of rotation. */
export function healthStatusCode(report: HealthReport): 200 | 503 {
  return report.status === 'fail' ? 503 : 200
}
