import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { identify, isFrozen, killGroup, signalProcess } from '../../base/index.ts'
import { LabError } from '../../lab-port/index.ts'
import type { KnownProcess } from './process-registry.ts'
import { waitUntil } from './wait-until.ts'

/** A program that a lab runs. */
export interface LabProgram {
  readonly name: string
  /** Programs before it, each of which becomes the next: they take from it what it may not have. */
  readonly before?: readonly string[]
  readonly command: readonly [file: string, ...args: string[]]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly log: string
  /** The user to run as, if not our own. */
  readonly user?: { readonly uid?: number; readonly gid?: number }
  /** The signal that asks it to end; SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals
  /** The signal for reading its configuration again. Without it, the program cannot reload. */
  readonly reloadSignal?: NodeJS.Signals
  /** The signal that ends it at once; SIGKILL by default. */
  readonly killSignal?: NodeJS.Signals
  /** Whether it is ready to work. */
  isReady(this: void): Promise<boolean>
}

/** Where a lab's processes report their changes, and the signal that stops them. */
export interface LabSupervision {
  /** Called at each start and each end, before anything else happens. */
  readonly changed: () => void
  /** Called when a program ended without being asked. */
  readonly lost: (program: LabProgram, how: string) => void
  /** Aborted when the lab goes down. Then nothing starts, and all waits end. */
  readonly signal: AbortSignal
}

/** The longest time for a program to get ready, in milliseconds, even on a slow machine. */
const START_LIMIT = 60_000

/** The ending of a program that succeeded. */
const SUCCESS = 'ended with exit code 0'

/** The longest time for a program to end by itself before it is killed, in milliseconds. */
const STOP_LIMIT = 10_000

/** Starts a program only after it is in the state file. Otherwise nobody would know of it if its lab were killed. */
const GATE = ['/bin/sh', '-c', 'read -r leave && exec "$@" < /dev/null', 'sh'] as const

/** One program of a lab, through all its starts and stops. */
export class ManagedProcess {
  readonly program: LabProgram
  readonly #supervision: LabSupervision
  #running: { known: KnownProcess; ended: Promise<string>; asked: boolean } | undefined

  constructor(program: LabProgram, supervision: LabSupervision) {
    this.program = program
    this.#supervision = supervision
  }

  /** The process, while it runs. */
  get known(): KnownProcess | undefined {
    return this.#running?.known
  }

  /**
   * Starts the program if it does not run, and returns when it is ready. `more` is added to the program's environment, this time. Throws `LabError`
   * with its last log lines.
   */
  async start(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const { name, isReady } = this.program
    const { ended } = this.#running ?? this.#spawn(false, more)
    let ending: string | undefined
    void ended.then(how => {
      ending = how
    })
    const { signal } = this.#supervision
    const done = async () => ending !== undefined || (await isReady())
    const ready = await waitUntil(done, { timeout: START_LIMIT, signal })
    if (ending !== undefined) throw await this.#failure(`${name} ${ending}`)
    if (!ready) throw await this.#failure(`${name} was not ready after ${START_LIMIT / 1000} s`)
  }

  /** Runs a program that ends by itself. Throws `LabError` with its last log lines when it fails. */
  async finish(): Promise<void> {
    const ending = await this.#spawn(true).ended
    this.#supervision.signal.throwIfAborted()
    if (ending !== SUCCESS) throw await this.#failure(`${this.program.name} ${ending}`)
  }

  /** Asks the program to end, kills it if it does not, and returns when it is gone. */
  async stop(): Promise<void> {
    const running = this.#running
    if (!running) return
    const { known, ended } = running
    running.asked = true
    signalProcess(known, isFrozen(known.pid) ? 'SIGKILL' : (this.program.stopSignal ?? 'SIGTERM'))
    const late = setTimeout(() => this.kill(), STOP_LIMIT)
    const tooLate = setTimeout(() => signalProcess(known, 'SIGKILL'), STOP_LIMIT * 1.5)
    await ended
    clearTimeout(late)
    clearTimeout(tooLate)
  }

  /** Ends the program without asking. */
  kill(): void {
    if (!this.#running) return
    this.#running.asked = true
    signalProcess(this.#running.known, this.program.killSignal ?? 'SIGKILL')
  }

  /** Makes the program read its configuration again, without waiting. Throws `LabError` when it cannot reload. */
  reload(): void {
    const { name, reloadSignal } = this.program
    if (reloadSignal === undefined) throw new LabError('unknown-command', `${name} cannot reload; restart it`)
    if (!this.#running) throw new LabError('part-failed', `${name} is stopped`)
    signalProcess(this.#running.known, reloadSignal)
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** `asked`: its end is expected. */
  #spawn(asked: boolean, more: Readonly<Record<string, string>> = {}): { ended: Promise<string> } {
    const { before = [], command, cwd, env, log, name, user } = this.program
    const { changed, lost, signal } = this.#supervision
    signal.throwIfAborted()
    // The programs before it would be disturbed by another clock.
    const added = Object.entries(more).map(([key, value]) => `${key}=${value}`)
    const [shell, ...args] = [...GATE, ...before, ...(added.length > 0 ? ['env', ...added] : []), ...command]
    const output = openSync(log, 'a')
    const child = spawn(shell, args, {
      cwd,
      env,
      detached: true,
      stdio: ['pipe', output, output],
      ...user,
    })
    closeSync(output)
    const end = endOf(child)
    const identity = child.pid === undefined ? undefined : identify(child.pid)
    if (!identity) return { ended: end }
    const ended = end.then(how => {
      killGroup(identity.pid)
      if (this.#running === running) this.#running = undefined
      changed()
      if (!running.asked) lost(this.program, how)
      return how
    })
    const running = { known: { name, ...identity }, ended, asked }
    this.#running = running
    changed()
    child.stdin?.on('error', () => undefined).end('\n')
    return running
  }

  async #failure(what: string): Promise<LabError> {
    const { log } = this.program
    const lines = (await lastLines(log, 15)).map(line => `  ${line}`)
    return new LabError('part-failed', [`${what}; the end of ${log}:`, ...lines].join('\n'))
  }
}

/** Resolves with a text when a process has ended or could not be started. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise(resolve => {
    child.once('error', error => resolve(`could not be started: ${error.message}`))
    child.once('exit', (code, by) => resolve(by ? `was ended by ${by}` : `ended with exit code ${code}`))
  })
}

/** The last lines of a log; none when there is no log. */
export async function lastLines(path: string, count: number): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.slice(-count)
}
