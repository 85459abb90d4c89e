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
  readonly command: readonly [file: string, ...args: string[]]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly log: string
  /** Another user to run as. */
  readonly user?: { readonly uid?: number; readonly gid?: number }
  /** What asks it to end; SIGTERM unless told. */
  readonly stopSignal?: NodeJS.Signals
  /** What makes it read its configuration again; without it, it cannot. */
  readonly reloadSignal?: NodeJS.Signals
  /** What ends it at once; SIGKILL unless told. */
  readonly killSignal?: NodeJS.Signals
  /** Whether it does its work by now. */
  isReady(this: void): Promise<boolean>
}

/** Who wants to know of a lab's processes, and whether there may be more. */
export interface LabSupervision {
  /** Told of each start and each end before anything else can happen. */
  readonly changed: () => void
  /** Told of a program that ended unasked. */
  readonly lost: (program: LabProgram, how: string) => void
  /** Aborted when the lab goes down: nothing starts any more, nobody waits any more. */
  readonly signal: AbortSignal
}

/** Milliseconds that a program may take to get ready, on a slow machine among others. */
const START_LIMIT = 60_000

/** How a program ends that has done its work. */
const SUCCESS = 'ended with exit code 0'

/** Milliseconds that a program may take to end by itself before it is killed. */
const STOP_LIMIT = 10_000

/** Lets a program start only when it is in the state file: were its lab killed before, nobody would know of it. */
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

  /** Starts the program unless it runs, and returns when it is ready; throws `LabError` with its last words. */
  async start(): Promise<void> {
    const { name, isReady } = this.program
    const { ended } = this.#running ?? this.#spawn(false)
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

  /** Runs a program that ends by itself; throws `LabError` with its last words when it did not do its work. */
  async finish(): Promise<void> {
    const ending = await this.#spawn(true).ended
    this.#supervision.signal.throwIfAborted()
    if (ending !== SUCCESS) throw await this.#failure(`${this.program.name} ${ending}`)
  }

  /** Asks the program to end, kills it when it does not, and returns when it is gone. */
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

  /** Lets the program read its configuration again, and does not wait for it; throws `LabError` when it cannot. */
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
  #spawn(asked: boolean): { ended: Promise<string> } {
    const { command, cwd, env, log, name, user } = this.program
    const { changed, lost, signal } = this.#supervision
    signal.throwIfAborted()
    const [shell, ...args] = [...GATE, ...command]
    const output = openSync(log, 'a')
    const child = spawn(shell, args, { cwd, env, detached: true, stdio: ['pipe', output, output], ...user })
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

/** Settles when a process has ended, or could not even be started, in words. */
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
