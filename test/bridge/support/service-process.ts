import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { until } from './until.ts'

/** A line of a service's log. */
export type LogLine = Readonly<Record<string, unknown>>

/** A service that runs as a real process. */
export interface ServiceProcess {
  readonly url: string
  readonly pid: number
  readonly log: readonly LogLine[]
  /** The same as it stood there. */
  readonly lines: readonly string[]
  /** What it wrote to stderr. */
  readonly errors: readonly string[]
  readonly isRunning: boolean
  /** Sends a signal that does not end it. */
  signal(name: NodeJS.Signals): void
  /** Ends it with a signal and resolves with its exit code, null when the signal killed it. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts a service and waits until it listens. */
export async function startService(
  command: readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv = {},
): Promise<ServiceProcess> {
  const [program, ...args] = command
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...environment },
  })
  const log: LogLine[] = []
  const lines: string[] = []
  const errors: string[] = []
  const exited = once(child, 'exit')
  createInterface(child.stdout).on('line', line => {
    lines.push(line)
    log.push(JSON.parse(line))
  })
  createInterface(child.stderr).on('line', line => errors.push(line))
  const url = await until(`${args.join(' ')} listens`, () => {
    if (child.exitCode !== null)
      throw new Error(`it ended: ${[...errors, ...log.map(each => JSON.stringify(each))].join('\n')}`)
    const listening = log.find(line => line.message === 'listening')
    return typeof listening?.url === 'string' && listening.url
  }).catch(error => {
    child.kill('SIGKILL')
    throw error
  })
  return {
    url,
    pid: child.pid ?? 0,
    log,
    lines,
    errors,
    get isRunning() {
      return child.exitCode === null && child.signalCode === null
    },
    signal: name => child.kill(name),
    async end(signal = 'SIGTERM') {
      child.kill(signal)
      await exited
      return child.exitCode
    },
  }
}
