import { setMaxListeners } from 'node:events'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { ProcessIdentity } from '../../base/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { type LabProgram, type LabSupervision, ManagedProcess } from './managed-process.ts'

/** All processes of a lab, and their entries in its state file. */
export class ProcessRegistry {
  readonly supervision: LabSupervision
  readonly #processes = new Set<ManagedProcess>()
  readonly #path: string
  readonly #supervisor: ProcessIdentity
  readonly #stop = new AbortController()
  #state: LabState['state'] = 'starting'

  constructor(path: string, supervisor: ProcessIdentity, log: (line: string) => void) {
    // Many faults of a lab's life wait for its end, and Node would warn of each listener above ten.
    setMaxListeners(0, this.#stop.signal)
    this.#path = path
    this.#supervisor = supervisor
    this.supervision = {
      changed: () => this.#write(),
      lost: ({ name, log: file }, how) => log(`– ${name} ${how} without being asked; its log is ${file}`),
      signal: this.#stop.signal,
    }
    this.#write()
  }

  /** Adds a program to the lab without starting it. */
  add(program: LabProgram): ManagedProcess {
    const process = new ManagedProcess(program, this.supervision)
    this.#processes.add(process)
    return process
  }

  /** The program with this name, if the lab has it. */
  find(name: string): ManagedProcess | undefined {
    return [...this.#processes].find(({ program }) => program.name === name)
  }

  /** Runs a program that ends by itself. If the lab is killed meanwhile, the next `down` ends the program. */
  async run(program: Omit<LabProgram, 'isReady'>): Promise<void> {
    const process = this.add({ ...program, isReady: async () => true })
    try {
      await process.finish()
    } finally {
      this.#processes.delete(process)
    }
  }

  /** The processes that run now. */
  list(): readonly { name: string; pid: number }[] {
    return this.#known().map(({ name, pid }) => ({ name, pid }))
  }

  enter(state: LabState['state']): void {
    this.#state = state
    this.#write()
  }

  /** Stops all further starts and ends every wait. */
  close(reason: unknown = new LabError('stopped', 'the lab is going down')): void {
    this.#stop.abort(reason)
  }

  /** Ends all processes in the order of these groups of names, and the others last. `now` kills them. */
  async end(order: readonly (readonly string[])[], now: boolean): Promise<void> {
    this.close()
    if (now) this.kill()
    for (const names of [...order, undefined]) {
      const group = [...this.#processes].filter(({ program }) => names?.includes(program.name) ?? true)
      await Promise.all(group.map(process => process.stop()))
    }
  }

  /** Kills all processes. */
  kill(): void {
    for (const process of this.#processes) process.kill()
  }

  #known() {
    return [...this.#processes].flatMap(({ known }) => known ?? [])
  }

  #write(): void {
    writeState(this.#path, { state: this.#state, supervisor: this.#supervisor, processes: this.#known() })
  }
}

/** A process of a lab, as its state file remembers it. */
export interface KnownProcess extends ProcessIdentity {
  readonly name: string
}

/** The data for the next `up` or `down` if this lab's supervisor was killed. */
interface LabState {
  readonly state: 'starting' | 'running' | 'stopping' | 'down'
  readonly supervisor: ProcessIdentity
  readonly processes: readonly KnownProcess[]
}

/**
 * Writes the state file in one step, so that a reader sees the old or the new one. It is written at once, because a kill may come any
 * moment.
 */
export function writeState(path: string, state: LabState): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`)
  renameSync(`${path}.new`, path)
}

/** Reads the state file; `undefined` when it does not exist or is not ours. */
export function readState(path: string): LabState | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isState(state) ? state : undefined
  } catch {
    return undefined
  }
}

function isState(value: unknown): value is LabState {
  if (!isObject(value) || !isIdentity(value.supervisor) || !Array.isArray(value.processes)) return false
  return (
    ['starting', 'running', 'stopping', 'down'].includes(String(value.state)) &&
    value.processes.every(known => isObject(known) && typeof known.name === 'string' && isIdentity(known))
  )
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return isObject(value) && typeof value.pid === 'number' && typeof value.start === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
