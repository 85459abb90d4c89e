import { spawn } from 'node:child_process'
import { createFrameReader } from './frames.ts'
import { hearProgram } from './hear-program.ts'
import type { Program, ProgramEnd, Supervisor } from './program.ts'

/** Milliseconds between asking processes to end and ending them. */
const GRACE = 500

/** Milliseconds until a process that even SIGKILL does not end, such as one that waits for a dead disk, is left alone. */
const PATIENCE = 1000

/** A supervisor's process. */
export interface Session {
  /** Whether it can run no more programs. */
  isOver(): boolean
  /** Hears the program that it runs now. */
  begin(program: Program): Supervisor
  /** Has it run one more program. */
  run(program: Program): void
  release(): Promise<void>
}

/** Starts a supervisor, which waits to be told what to run unless its arguments say so. */
export function openSession(
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
      hear = hearProgram(program, end => settle(end))
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

/** A timer that keeps nobody waiting once the race is decided. */
function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => void setTimeout(resolve, milliseconds).unref())
}
