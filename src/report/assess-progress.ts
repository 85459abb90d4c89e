import pc from 'picocolors'
import { countOf, formatDuration, makeVisible } from '../base/index.ts'
import type { RunEvent } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'

/** Tells how far an assessment is, beside its result. */
export interface AssessProgress {
  readonly listen: (page: Procedure, event: RunEvent) => void
  /** A line of its own. */
  readonly say: (line: string) => void
  /** Takes back what is only for the moment. */
  readonly end: () => void
}

/** Tells progress: in a terminal on one line that changes, else a line for each page that is done. */
export function createAssessProgress(
  write: (text: string) => void,
  pages: readonly Procedure[],
  live: boolean,
): AssessProgress {
  const all = pages.reduce((sum, { phases }) => sum + phases.reduce((sum, { steps }) => sum + steps.length, 0), 0)
  let done = 0
  const warned = new Set<string>()
  /** Checks of a page that came to an end. */
  const came = new Map<string, number>()
  const clear = live ? '\r\u001b[K' : ''
  return {
    listen(page, event) {
      if (event.type === 'step.finished') done += 1
      if (event.type === 'run.started') came.set(page.id, 0)
      if (event.type === 'step.finished') came.set(page.id, (came.get(page.id) ?? 0) + 1)
      if (live && event.type === 'step.started')
        write(
          `${clear}${pc.dim(`${done}/${countOf(all, 'check')} · ${page.id}: ${makeVisible(event.title)}`.slice(0, 78))}`,
        )
      if (event.type === 'run.warned' && !warned.has(event.message)) {
        warned.add(event.message)
        write(`${clear}${pc.yellow('!')} ${page.id}: ${makeVisible(event.message)}\n`)
      }
      if (event.type !== 'run.finished') return
      const checks = page.phases.reduce((sum, { steps }) => sum + steps.length, 0)
      const ended = came.get(page.id) ?? 0
      const of = ended === checks ? '' : `${ended} of `
      write(`${clear}${page.id}: ${of}${countOf(checks, 'check')} in ${formatDuration(event.seconds * 1000)}\n`)
    },
    say: line => write(`${clear}${line}\n`),
    end: () => write(clear),
  }
}
