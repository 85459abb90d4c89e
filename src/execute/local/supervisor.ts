import { accessSync, constants } from 'node:fs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import type { Supervise, Supervisor } from './program.ts'
import { openSession, type Session } from './supervisor-session.ts'

/** The two ways of starting programs under supervision. */
export interface Supervision {
  /** With a supervisor of its own, until that is released. */
  readonly alone: Supervise
  /** One after the other, without reports. Where there is perl, all of them have one supervisor: the next one need not wait for it. */
  readonly inTurn: Supervise
  /** Starts the supervisor of those that run in turn, so that the first one need not wait for it. */
  prepare(): void
  /** Releases the supervisor of those that run in turn. */
  release(): Promise<void>
}

/** The number of the system call prctl; node has no way of its own. */
const PRCTL: Readonly<Record<string, number>> = {
  x64: 157,
  arm64: 167,
  arm: 172,
  ia32: 172,
  riscv64: 167,
  ppc64: 171,
  s390x: 172,
}

/**
 * Finds what supervises here: a small perl program, which starts in 3 ms; without perl, one for node. `bundles` is the folder of both. A
 * supervisor of many programs is started with `variables`; they also name the folders in which perl is looked for. `within` are words before a
 * command that run it elsewhere on this machine.
 */
export function prepareSupervision(
  bundles: string,
  variables: Readonly<Record<string, string>>,
  within: readonly string[] = [],
): Supervision {
  const prctl = platform() === 'linux' ? (PRCTL[arch()] ?? 0) : 0
  const perl = findPerl(variables.PATH ?? '/usr/bin:/bin')
  const own =
    perl === undefined
      ? [process.execPath, join(bundles, 'supervise.cjs')]
      : [perl, '-w', join(bundles, 'supervise.pl'), String(prctl)]
  const [command = '', ...fixed] = [...within, ...own]
  const alone: Supervise = program => {
    try {
      const reports = program.onReport ? '1' : '0'
      return openSession(command, [...fixed, reports, ...program.command], program).begin(program)
    } catch (error) {
      return notStarted(`could not be started: ${error instanceof Error ? error.message : error}`)
    }
  }
  let session: Session | undefined
  const open = () => {
    if (session?.isOver()) {
      // One that was left to itself would keep this process waiting for it.
      void session.release()
      session = undefined
    }
    session ??= openSession(command, [...fixed, '0'], { cwd: '/', variables })
    return session
  }
  return {
    alone,
    prepare() {
      try {
        if (perl !== undefined) open()
      } catch {
        // Who needs it is told why it cannot be started.
      }
    },
    inTurn(program) {
      if (perl === undefined) return alone(program)
      const session = open()
      const turn = session.begin(program)
      session.run(program)
      return { ...turn, release: async () => {} }
    },
    release: async () => session?.release(),
  }
}

/** What stands for a program that the system refused to start, such as for too large an environment. */
function notStarted(lost: string): Supervisor {
  const done = async () => {}
  const ended = Promise.resolve({ lost })
  return {
    pid: undefined,
    ended,
    requests: undefined,
    isUnguarded: () => false,
    look: async () => [],
    spare: done,
    sweep: done,
    end: done,
    release: done,
  }
}

function findPerl(path: string): string | undefined {
  return path
    .split(':')
    .map(folder => join(folder, 'perl'))
    .find(file => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
