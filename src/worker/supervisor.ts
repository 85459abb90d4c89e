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

/** Starts programs under supervision. `bundles` is the folder of `supervise.pl`; `path` is where perl is looked for. */
export type Supervise = (program: Program) => Supervisor

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

/** Finds what supervises here: a small perl program, which starts in 3 ms; without perl, one for node. */
export function prepareSupervision(bundles: string, path: string): Supervise {
  const prctl = platform() === 'linux' ? (PRCTL[arch()] ?? 0) : 0
  const perl = findPerl(path)
  const [command, ...fixed] =
    perl === undefined
      ? [process.execPath, join(bundles, 'supervise.cjs')]
      : [perl, join(bundles, 'supervise.pl'), String(prctl)]
  return program => {
    try {
      return start(command, fixed, program)
    } catch (error) {
      return notStarted(`could not be started: ${error instanceof Error ? error.message : error}`)
    }
  }
}

/** What stands for a program that the system refused to start, such as for too large an environment. */
function notStarted(lost: string): Supervisor {
  const done = async () => {}
  const ended = Promise.resolve({ lost })
  return { pid: undefined, ended, requests: undefined, spare: done, sweep: done, end: done, release: done }
}

function start(command: string, fixed: readonly string[], program: Program): Supervisor {
  const { onOutput, onReport } = program
  const child = spawn(command, [...fixed, onReport ? '1' : '0', ...program.command], {
    cwd: program.cwd,
    env: { ...program.variables },
    stdio: ['pipe', 'pipe', 'ignore', onReport ? 'pipe' : 'ignore'],
    // In a session of its own: Ctrl-C reaches the runner, which decides.
    detached: true,
  })
  const obeyed: (() => void)[] = []
  const decoders = { o: new StringDecoder('utf8'), e: new StringDecoder('utf8'), r: new StringDecoder('utf8') }
  let settle: (end: ProgramEnd) => void = () => {}
  const ended = new Promise<ProgramEnd>(resolve => {
    settle = resolve
  })
  const hear = {
    o: (text: string) => text && onOutput('stdout', text),
    e: (text: string) => text && onOutput('stderr', text),
  }
  let line = ''
  const read = createFrameReader((kind, bytes) => {
    if (kind === 'o' || kind === 'e') hear[kind](decoders[kind].write(bytes))
    else if (kind === 'r') {
      line += decoders.r.write(bytes)
      for (let at = line.indexOf('\n'); at >= 0; at = line.indexOf('\n')) {
        onReport?.(line.slice(0, at))
        line = line.slice(at + 1)
      }
    } else if (kind === 'd') obeyed.shift()?.()
    else if (kind === 'x') {
      hear.o(decoders.o.end())
      hear.e(decoders.e.end())
      settle(readStatus(Number(bytes.toString())))
    }
  })
  child.stdout?.on('data', read)
  const gone = new Promise<void>(resolve => {
    const finish = (why: string) => {
      settle({ lost: why })
      for (const resume of obeyed.splice(0)) resume()
      resolve()
    }
    child.on('error', error => finish(`could not be started: ${error.message}`))
    child.on('close', () => finish('is gone, and so is what watched over it'))
  })
  const requests = child.stdio[3]
  for (const stream of [child.stdin, requests]) stream?.on('error', () => {})
  const say = (word: string) =>
    new Promise<void>(resolve => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return resolve()
      obeyed.push(resolve)
      child.stdin?.write(`${word}\n`)
    })

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
      settle({ lost: 'does not end, not even by SIGKILL' })
    },
    async release() {
      void say('release')
      await Promise.race([gone, sleep(PATIENCE)])
      child.stdin?.destroy()
    },
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
