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

/** Milliseconds that a check may take: whoever asks wants an answer within a second, also while something hangs. */
export const checkPatience = 700

/** Gives a check so much time, and says how it failed; one that finds nothing to say has passed. */
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

/** Opens a TCP connection to where a URL points, and closes it; throws when nobody answers in so many milliseconds. */
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
