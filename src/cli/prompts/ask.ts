import { isatty } from 'node:tty'

/** Signals that end a question like Ctrl-C does: the terminal must be given back as it was. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Asks a question in the terminal. Gives nothing when the person gives up, when the signal aborts, and when the terminal is closed or
 * this process is told to end. After Ctrl-Z and `fg` it asks again. Whatever happens, the terminal is left as it was: lines are
 * edited, what is typed is shown, and the cursor is visible.
 */
export async function ask<T>(
  prompt: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<Exclude<T, symbol> | undefined> {
  const given = new AbortController()
  const giveUp = () => given.abort()
  const { stdin } = process
  outliveTerminal()
  for (const name of ENDING) process.on(name, giveUp)
  for (const event of STREAM_ENDS) stdin.on(event, giveUp)
  try {
    for (;;) {
      const again = new AbortController()
      const suspension = heedSuspension(() => again.abort())
      const ending = AbortSignal.any([signal, given.signal])
      const answer = await prompt(AbortSignal.any([ending, again.signal])).finally(suspension.ignore)
      if (isAnswer(answer)) return answer
      if (!again.signal.aborted || ending.aborted) return undefined
    }
  } finally {
    for (const name of ENDING) process.off(name, giveUp)
    for (const event of STREAM_ENDS) stdin.off(event, giveUp)
  }
}

let isOutlived = false

/** A closed terminal refuses to change its mode. The reader of keys throws then, and this must not end the process. */
function outliveTerminal(): void {
  if (isOutlived) return
  isOutlived = true
  const { stdin } = process
  const { setRawMode } = stdin
  stdin.on('error', () => {})
  if (stdin.isTTY) stdin.setRawMode = mode => (isatty(stdin.fd) ? setRawMode.call(stdin, mode) : stdin)
}

/** A prompt that was given up gives a symbol. */
function isAnswer<T>(given: T): given is Exclude<T, symbol> {
  return typeof given !== 'symbol'
}

const STREAM_ENDS = ['end', 'close', 'error'] as const

/** Gives the terminal back while this process is stopped, as by Ctrl-Z. `resume` is called when it goes on. */
function heedSuspension(resume: () => void): { ignore(): void } {
  const stop = () => {
    giveTerminalBack()
    // Now it does what it does to every process. Where no shell could resume this one, nothing happens.
    process.off('SIGTSTP', stop)
    process.kill(process.pid, 'SIGTSTP')
    resume()
  }
  process.on('SIGTSTP', stop)
  process.on('SIGCONT', resume)
  return {
    ignore() {
      process.off('SIGTSTP', stop)
      process.off('SIGCONT', resume)
    },
  }
}

function giveTerminalBack(): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(false)
  if (process.stdout.isTTY) process.stdout.write(SHOW_CURSOR)
}

const SHOW_CURSOR = '\u001b[?25h'

/** Milliseconds within which what was typed before arrives. */
const PAUSE = 30

const CTRL_C = 0x03
const CTRL_Z = 0x1a

/**
 * Throws away what was typed while nobody asked: an impatient Enter must not answer the next question. But a Ctrl-C that was typed
 * counts: then it gives true. A Ctrl-Z stops this process.
 */
export async function discardTypedAhead(): Promise<boolean> {
  const { stdin } = process
  if (!stdin.isTTY) return false
  outliveTerminal()
  let isCancelled = false
  let isSuspended = false
  const look = (bytes: Buffer | string) => {
    const typed = Buffer.from(bytes)
    isCancelled ||= typed.includes(CTRL_C)
    isSuspended ||= typed.includes(CTRL_Z)
  }
  stdin.setRawMode(true)
  stdin.on('data', look)
  stdin.resume()
  await new Promise(resolve => setTimeout(resolve, PAUSE))
  stdin.pause()
  stdin.off('data', look)
  stdin.setRawMode(false)
  if (isSuspended && !isCancelled) process.kill(process.pid, 'SIGTSTP')
  return isCancelled
}
