import type { ProcessIdentity } from '../../base/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { type LabState, writeState } from './lab-state.ts'
import { ManagedProcess, type Program, type Supervision } from './managed-process.ts'

/** All processes of a lab, and their entries in its state file. */
export class ProcessRegistry {
  readonly supervision: Supervision
  readonly #processes = new Set<ManagedProcess>()
  readonly #path: string
  readonly #supervisor: ProcessIdentity
  readonly #stop = new AbortController()
  #state: LabState['state'] = 'starting'

  constructor(path: string, supervisor: ProcessIdentity, log: (line: string) => void) {
    this.#path = path
    this.#supervisor = supervisor
    this.supervision = {
      changed: () => this.#write(),
      lost: ({ name, log: file }, how) => log(`– ${name} ${how}, unasked; its log is ${file}`),
      signal: this.#stop.signal,
    }
    this.#write()
  }

  /** Takes a program into the lab, without starting it. */
  add(program: Program): ManagedProcess {
    const process = new ManagedProcess(program, this.supervision)
    this.#processes.add(process)
    return process
  }

  /** The program of a name, when the lab has it. */
  find(name: string): ManagedProcess | undefined {
    return [...this.#processes].find(({ program }) => program.name === name)
  }

  /** Runs a program that ends by itself; a kill of the lab meanwhile does not make it an orphan. */
  async run(program: Omit<Program, 'isReady'>): Promise<void> {
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

  /** Lets nothing start any more and ends every wait. */
  close(reason: unknown = new LabError('stopped', 'the lab is going down')): void {
    this.#stop.abort(reason)
  }

  /** Ends all processes in the order of these groups of names, the rest last; `now` kills them. */
  async end(order: readonly (readonly string[])[], now: boolean): Promise<void> {
    this.close()
    if (now) for (const process of this.#processes) process.kill()
    for (const names of [...order, undefined]) {
      const group = [...this.#processes].filter(({ program }) => names?.includes(program.name) ?? true)
      await Promise.all(group.map(process => process.stop()))
    }
  }

  #known() {
    return [...this.#processes].flatMap(({ known }) => known ?? [])
  }

  #write(): void {
    writeState(this.#path, { state: this.#state, supervisor: this.#supervisor, processes: this.#known() })
  }
}
