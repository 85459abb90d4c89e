import { spawn } from 'node:child_process'
import { createFrameReader } from './pipe.ts'
import { hearProgram, type Program, type ProgramEnd, type Supervisor } from './program.ts'

/** Milliseconds between asking processes to end and ending them. */
const GRACE = 500

/** Milliseconds until a process that even SIGKILL does not end, such as one that waits for a dead disk, is left alone. */
const PATIENCE = 1000

/** Exit codes of supervise.pl when its supervisor was killed. */
const EXIT = { ended: 3, remaining: 4 } as const

/** What became of a program, as words that follow its name. */
const ENDED = 'was ended with all that it had started, because its supervisor was killed'
const REMAINING = 'lost its supervisor, which was killed, and something that it had started does not end by SIGKILL'
const UNKNOWN =
  'was ended, because its supervisors were killed. What it had started with an empty environment may still run'

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
  /** The programs that have not ended. What is heard is the first one's: the last thing heard of a program is its end. */
  const turns: Turn[] = []
  let latest: Turn | undefined
  let lost: string | undefined
  /** Whether everything was ended by the one of both processes that was not killed. */
  let guarded = false
  /** What was found running last. */
  let left: readonly number[] = []
  child.stdout?.on(
    'data',
    createFrameReader((kind, bytes) => {
      if (kind === 'd') obeyed.shift()?.()
      else if (kind === 'g') guarded = true
      else if (kind === 'l') left = bytes.toString().split(' ').filter(Boolean).map(Number)
      else turns[0]?.hear(kind, bytes)
    }),
  )
  const gone = new Promise<void>(resolve => {
    const finish = (why: string) => {
      lost ??= why
      for (const turn of [...turns]) turn.settle({ lost })
      for (const resume of obeyed.splice(0)) resume()
      resolve()
    }
    child.on('error', error => finish(`could not be started: ${error.message}`))
    child.on('close', code => {
      guarded ||= code === EXIT.ended || code === EXIT.remaining
      finish(code === EXIT.remaining ? REMAINING : guarded ? ENDED : UNKNOWN)
    })
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
      let resolve: (end: ProgramEnd) => void = () => {}
      const ended = new Promise<ProgramEnd>(yes => {
        resolve = yes
      })
      const settle = (end: ProgramEnd) => {
        if (hasEnded) return
        hasEnded = true
        turns.splice(turns.indexOf(turn), 1)
        resolve(end)
      }
      const turn: Turn = { settle, hear: hearProgram(program, settle) }
      turns.push(turn)
      latest = turn
      if (lost !== undefined) settle({ lost })
      // A word is about everything that runs: said once the next program has begun, it would be about that.
      const sayInTurn = async (word: string) => (latest === turn ? say(word) : undefined)
      return {
        pid: child.pid,
        ended,
        isUnguarded: () => lost === UNKNOWN || lost === REMAINING,
        requests: requests && 'write' in requests ? requests : undefined,
        async look() {
          left = []
          await sayInTurn('look')
          return left
        },
        async spare(pids = []) {
          await sayInTurn(['spare', ...pids].join(' '))
        },
        sweep: () => sayInTurn('sweep'),
        async end(hurry) {
          void sayInTurn('term')
          await Promise.race([ended, sleep(GRACE, hurry)])
          await Promise.race([sayInTurn('kill').then(() => ended), sleep(PATIENCE)])
          if (hasEnded) return
          // It is left to itself, and so is what waits for it.
          lost ??= 'does not end, not even by SIGKILL'
          settle({ lost })
        },
        release,
      }
    },
  }
}

/** A program, seen from the session. */
interface Turn {
  hear(kind: string, bytes: Buffer): void
  settle(end: ProgramEnd): void
}

/** A timer that keeps nobody waiting once the race is decided; it is over when the signal aborts. */
function sleep(milliseconds: number, hurry?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (hurry?.aborted) return resolve()
    hurry?.addEventListener('abort', () => resolve(), { once: true })
    setTimeout(resolve, milliseconds).unref()
  })
}
