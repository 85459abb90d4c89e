import pc from 'picocolors'
import { formatDuration } from '../base/index.ts'
import type { RunEvent } from '../journal/index.ts'

/** Hears a run's events, each before it is printed. */
export interface QuietStep {
  hear(event: RunEvent): void
  /** Nothing more is printed. */
  end(): void
}

/** Milliseconds without a word, after which a terminal shows that the step runs, and a log says so; and how often from then on. */
const QUIET = { terminal: 5000, log: 60_000 } as const
const EVERY = 1000

/**
 * Shows that a step which prints nothing still runs, since when, and how long it may. In a terminal (`live`) this is one line, refreshed
 * each second, that is gone when something else is printed. In a log it is a line a minute.
 */
export function showQuietStep(write: (text: string) => void, live: boolean): QuietStep {
  const limits = new Map<string, number | undefined>()
  let step: { readonly id: string; readonly begun: number; readonly tried: number } | undefined
  let heard = 0
  let isShown = false
  /** Whether the step's last line has no end yet: nothing can be written behind it. */
  let isOpen = false
  let timer: NodeJS.Timeout | undefined

  const clear = () => {
    if (isShown) write('\r\u001b[2K')
    isShown = false
  }
  const show = () => {
    const now = Date.now()
    if (step === undefined || isOpen || now - heard < (live ? QUIET.terminal : QUIET.log)) return
    const limit = limits.get(step.id)
    const ran = formatDuration(Math.floor((now - step.begun) / 1000) * 1000)
    const text = `    … running for ${ran}, since ${formatTime(step.begun)}${limit === undefined ? '' : `, ${describeLimit(limit, step)}`}`
    if (live) write(`\r\u001b[2K${pc.dim(text)}`)
    else {
      write(`${text}\n`)
      heard = now
    }
    isShown = live
  }
  const stop = () => {
    clear()
    clearInterval(timer)
    timer = undefined
    step = undefined
  }
  return {
    hear(event) {
      clear()
      heard = Date.now()
      if (event.type === 'run.started') for (const { id, meta } of event.steps) limits.set(id, meta?.timeout)
      else if (event.type === 'step.output') isOpen = !event.text.endsWith('\n')
      else if (event.type === 'step.finished') stop()
      else if (event.type === 'step.started') {
        isOpen = false
        step = {
          id: event.step,
          begun: event.attempt > 1 && step?.id === event.step ? step.begun : heard,
          tried: heard,
        }
        timer ??= setInterval(show, EVERY).unref()
      } else if (event.type !== 'step.supervised' && event.type !== 'step.suggested') isOpen = false
    },
    end: stop,
  }
}

/** How long a try may take, and when that is over. */
function describeLimit(limit: number, { tried }: { readonly tried: number }): string {
  return `at most ${formatDuration(limit)}: times out at ${formatTime(tried + limit)}`
}

function formatTime(time: number): string {
  return new Date(time).toTimeString().slice(0, 8)
}
