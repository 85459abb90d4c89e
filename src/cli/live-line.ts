import { formatDuration, makeVisible } from '../base/index.ts'
import { complain, paint } from './print.ts'

/** Lines on stderr; in a terminal, below them stands a line that tells how long something has been going on. */
export interface LiveLine {
  /** Prints text above that line. */
  say(text: string): void
  /** What goes on from now on. */
  show(what: string): void
  /** Takes the line away. */
  end(): void
}

/** Starts without such a line. */
export function startLiveLine(): LiveLine {
  const { isTTY } = process.stderr
  let what: string | undefined
  let since = 0
  const clear = () => {
    if (what !== undefined && isTTY) process.stderr.write('\r\u001b[2K')
  }
  const draw = () => {
    if (what === undefined || !isTTY) return
    const seconds = Math.floor((performance.now() - since) / 1000)
    const text = seconds < 1 ? `${what} …` : `${what}, ${formatDuration(1000 * seconds)} …`
    process.stderr.write(`\r\u001b[2K${paint.dim(makeVisible(text).slice(0, (process.stderr.columns || 80) - 1))}`)
  }
  const timer = setInterval(draw, 1000)
  timer.unref()
  return {
    say(text) {
      clear()
      complain(text)
      draw()
    },
    show(next) {
      what = next
      since = performance.now()
      draw()
    },
    end() {
      clear()
      what = undefined
      clearInterval(timer)
    },
  }
}
