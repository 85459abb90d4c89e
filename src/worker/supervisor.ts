import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { createFrameReader } from './frames.ts'

/** A program that cannot get away: whatever it starts can be ended, also when the runner dies. */
export interface Supervisor {
  /** The number of the process that watches; none when it could not be started. */
  readonly pid: number | undefined
  /** How the program ended. Never rejects. */
  readonly ended: Promise<ProgramEnd>
  /** Where a program that reports reads requests. */
  readonly requests: Writable | undefined
  /** What runs now may go on. Resolves once that is noted. */
  spare(): Promise<void>
  /** Ends what the program left behind, but not the program. Resolves once it is done. */
  sweep(): Promise<void>
  /** Ends the program and everything it started, but what is spared: asks first, then does not ask. */
  end(): Promise<void>
  /** Ends the program, lets what else runs go on, and is gone itself when it resolves. */
  release(): Promise<void>
}

/** An exit code, a signal's number, or why there is neither. */
export type ProgramEnd = { readonly code: number } | { readonly signal: number } | { readonly lost: string }

/** What to run, and who listens. */
export interface Program {
  readonly command: readonly string[]
  readonly cwd: string
  /** The program's whole environment. */
  readonly variables: Readonly<Record<string, string>>
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void
  /** Hears, line by line, a program that reports; it reads requests from file descriptor 3. */
  readonly onReport?: (line: string) => void
}

/** Starts a program under supervision. */
export type Supervise = (program: Program) => Supervisor

/** The two ways of starting programs under supervision. */
export interface Supervision {
  /** With a supervisor of its own, until that is released. */
  readonly alone: Supervise
  /** One after the other, without reports. Where there is perl, all of them have one supervisor: the next one need not wait for it. */
  readonly inTurn: Supervise
  /** Releases the supervisor of those that run in turn. */
  release(): Promise<void>
}

/** Milliseconds between asking processes to end and ending them. */
const GRACE = 500

/** Milliseconds until a process that even SIGKILL does not end, such as one that waits for a dead disk, is left alone. */
const PATIENCE = 1000

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
 * Finds what supervises here: a small perl program, which starts in 3 ms; without perl, one for node. `bundles` is the folder of both;
 * `variables` are what a supervisor of many programs is started with, and name the folders in which perl is looked for.
 */
export function prepareSupervision(bundles: string, variables: Readonly<Record<string, string>>): Supervision {
  const prctl = platform() === 'linux' ? (PRCTL[arch()] ?? 0) : 0
  const perl = findPerl(variables.PATH ?? '/usr/bin:/bin')
  const [command, ...fixed] =
    perl === undefined
      ? [process.execPath, join(bundles, 'supervise.cjs')]
      : [perl, '-w', join(bundles, 'supervise.pl'), String(prctl)]
  const alone: Supervise = program => {
    try {
      const reports = program.onReport ? '1' : '0'
      return openSession(command, [...fixed, reports, ...program.command], program).begin(program)
    } catch (error) {
      return notStarted(`could not be started: ${error instanceof Error ? error.message : error}`)
    }
  }
  let session: Session | undefined
  return {
    alone,
    inTurn(program) {
      if (perl === undefined) return alone(program)
      if (session?.isOver()) session = undefined
      session ??= openSession(command, [...fixed, '0'], { cwd: '/', variables })
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
  return { pid: undefined, ended, requests: undefined, spare: done, sweep: done, end: done, release: done }
}

/** A supervisor's process. */
interface Session {
  /** Whether it can run no more programs. */
  isOver(): boolean
  /** Hears the program that it runs now. */
  begin(program: Program): Supervisor
  /** Has it run one more program. */
  run(program: Program): void
  release(): Promise<void>
}

function openSession(
  command: string,
  args: readonly string[],
  { cwd, variables, onReport }: Pick<Program, 'cwd' | 'variables' | 'onReport'>,
): Session {
  const child = spawn(command, args, {
    cwd,
    env: { ...variables },
    stdio: ['pipe', 'pipe', 'ignore', onReport ? 'pipe' : 'ignore'],
    // In a session of its own: Ctrl-C reaches the runner, which decides.
    detached: true,
  })
  const obeyed: (() => void)[] = []
  let hear: (kind: string, bytes: Buffer) => void = () => {}
  let settle: (end: ProgramEnd) => void = () => {}
  let lost: string | undefined
  child.stdout?.on(
    'data',
    createFrameReader((kind, bytes) => (kind === 'd' ? obeyed.shift()?.() : hear(kind, bytes))),
  )
  const gone = new Promise<void>(resolve => {
    const finish = (why: string) => {
      lost ??= why
      settle({ lost })
      for (const resume of obeyed.splice(0)) resume()
      resolve()
    }
    child.on('error', error => finish(`could not be started: ${error.message}`))
    child.on('close', () => finish('is gone, and so is what watched over it'))
  })
  const requests = child.stdio[3]
  for (const stream of [child.stdin, requests]) stream?.on('error', () => {})
  const say = (word: string, rest = '') =>
    new Promise<void>(resolve => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return resolve()
      obeyed.push(resolve)
      child.stdin?.write(`${word}\n${rest}`)
    })
  const release = async () => {
    void say('release')
    await Promise.race([gone, sleep(PATIENCE)])
    child.stdin?.destroy()
  }
  return {
    isOver: () => lost !== undefined,
    release,
    run({ command, cwd, variables }) {
      const words = [cwd, String(command.length), ...command, ...Object.entries(variables).flat()]
      const rest = words.join('\0')
      void say(`run ${Buffer.byteLength(rest)}`, rest)
    },
    begin(program) {
      let hasEnded = false
      const ended = new Promise<ProgramEnd>(resolve => {
        settle = end => {
          hasEnded = true
          resolve(end)
        }
      })
      if (lost !== undefined) settle({ lost })
      hear = createListener(program, end => settle(end))
      return {
        pid: child.pid,
        ended,
        requests: requests && 'write' in requests ? requests : undefined,
        spare: () => say('spare'),
        sweep: () => say('sweep'),
        async end() {
          void say('term')
          await Promise.race([ended, sleep(GRACE)])
          await Promise.race([say('kill').then(() => ended), sleep(PATIENCE)])
          // It is left to itself, and so is what waits for it.
          if (!hasEnded) lost ??= 'does not end, not even by SIGKILL'
          settle({ lost: 'does not end, not even by SIGKILL' })
        },
        release,
      }
    },
  }
}

/** Takes what a supervisor tells of one program apart. */
function createListener({ onOutput, onReport }: Program, settle: (end: ProgramEnd) => void) {
  const decoders = { o: new StringDecoder('utf8'), e: new StringDecoder('utf8'), r: new StringDecoder('utf8') }
  const hear = {
    o: (text: string) => text && onOutput('stdout', text),
    e: (text: string) => text && onOutput('stderr', text),
  }
  let line = ''
  return (kind: string, bytes: Buffer) => {
    if (kind === 'o' || kind === 'e') hear[kind](decoders[kind].write(bytes))
    else if (kind === 'r') {
      line += decoders.r.write(bytes)
      for (let at = line.indexOf('\n'); at >= 0; at = line.indexOf('\n')) {
        onReport?.(line.slice(0, at))
        line = line.slice(at + 1)
      }
    } else if (kind === 'x') {
      hear.o(decoders.o.end())
      hear.e(decoders.e.end())
      settle(readStatus(Number(bytes.toString())))
    }
  }
}

/** A timer that keeps nobody waiting once the race is decided. */
function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => void setTimeout(resolve, milliseconds).unref())
}

/** Takes the status that waitpid gives apart. */
function readStatus(status: number): ProgramEnd {
  const signal = status & 127
  return signal === 0 ? { code: status >> 8 } : { signal }
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
