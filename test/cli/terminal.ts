import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'

/** Keys as a terminal sends them. */
export const KEYS = { enter: '\r', down: '\u001b[B', interrupt: '\u0003', suspend: '\u001a' } as const

/** A command in a terminal of 80 columns, with somebody who reads and types. */
export function startTerminal(
  command: string,
  options: { readonly cwd: string; readonly env: Record<string, string | undefined> },
) {
  const child = execa('script', ['-qfec', `stty cols 80 rows 40; exec ${command}`, '/dev/null'], {
    cwd: options.cwd,
    env: { ...options.env, TERM: 'xterm' },
    extendEnv: false,
    reject: false,
    buffer: false,
  })
  let text = ''
  let read = 0
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  const shown = () => stripVTControlCharacters(text).replaceAll('\r', '')
  return {
    /** Everything shown so far. */
    shown,
    /** Waits until something is shown that was not waited for before, and then types. */
    async answer(question: string, keys: string) {
      const deadline = performance.now() + 60_000
      for (;;) {
        const at = shown().indexOf(question, read)
        if (at >= 0) {
          read = at + question.length
          break
        }
        if (performance.now() > deadline) throw new Error(`“${question}” was not shown, but: ${shown().slice(read)}`)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
      // The question is drawn before it listens.
      await new Promise(resolve => setTimeout(resolve, 200))
      child.stdin.write(keys)
    },
    /** Everything shown so far, with what moves the cursor. */
    raw: () => text,
    /** Closes the terminal, as somebody does who closes its window. */
    close: () => child.kill('SIGKILL'),
    over: child.then(({ exitCode }) => exitCode),
  }
}
