import { once } from 'node:events'
import { connect } from 'node:net'

/** The result of one check, in the words of `application/health+json`. */
export interface HealthCheck {
  readonly status: 'pass' | 'warn' | 'fail'
  readonly output?: string
}

/** A whole health report. */
interface HealthReport {
  readonly status: HealthCheck['status']
  /** The release; left out when not everybody may know it. */
  readonly version?: string
  readonly output?: string
  readonly checks: Readonly<Record<string, readonly [HealthCheck]>>
}

/** The media type of health reports. */
export const healthMediaType = 'application/health+json'

/** Joins checks. The worst result decides. */
export function reportHealth(version: string | undefined, checks: Readonly<Record<string, HealthCheck>>): HealthReport {
  const statuses = Object.values(checks).map(check => check.status)
  const status = statuses.includes('fail') ? 'fail' : statuses.includes('warn') ? 'warn' : 'pass'
  const entries = Object.entries(checks).map(([name, check]): [string, readonly [HealthCheck]] => [name, [check]])
  return { status, ...(version === undefined ? {} : { version }), checks: Object.fromEntries(entries) }
}

/** The HTTP status of a report. Only a failure takes the process out of rotation. */
export function healthStatusCode(report: HealthReport): 200 | 503 {
  return report.status === 'fail' ? 503 : 200
}

/** The longest time for a check in milliseconds. Callers want an answer within a second, even while something hangs. */
export const checkPatience = 700

/** Runs a check with this time limit, and reports how it failed. A check without a result has passed. */
export async function runCheck(
  onFailure: 'warn' | 'fail',
  look: () => Promise<HealthCheck | undefined>,
): Promise<HealthCheck> {
  const late = new Promise<HealthCheck>(resolve => {
    setTimeout(resolve, checkPatience, { status: onFailure, output: `no answer within ${checkPatience} ms` }).unref()
  })
  const looked = look().then(
    (found): HealthCheck => found ?? { status: 'pass' },
    (error): HealthCheck => ({ status: onFailure, output: error instanceof Error ? error.message : String(error) }),
  )
  return Promise.race([looked, late])
}

/** Opens a TCP connection to the address of a URL and closes it. Throws when nobody answers within the limit in milliseconds. */
export async function connectTo(url: string, patience: number): Promise<undefined> {
  const { hostname, port, protocol, host } = new URL(url)
  const socket = connect(Number(port) || (protocol === 'https:' ? 443 : 80), hostname.replace(/^\[|\]$/g, ''))
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(patience) })
  } catch (cause) {
    throw new Error(`${host} cannot be reached`, { cause })
  } finally {
    socket.destroy()
  }
}
