import pc from 'picocolors'
import type { RunEvent } from '../journal/index.ts'
import { formatValue, SIGNS } from './describe-run.ts'
import { shortenText } from './wrap-text.ts'

/** The most lines of what was found. */
const LINES = 5

/** What the steps of Diagnose found, in at most five lines: what they point to first, then what failed, was ruled out, and was read. */
export interface Findings {
  hear(event: RunEvent): void
  /** Its lines, each of one line of a terminal; none when nothing was found, or all was told before. */
  take(columns: number): string[]
}

/** Collects what is found while a run goes on. */
export function collectFindings(titles: ReadonlyMap<string, string>): Findings {
  const found = new Map<string, Finding[]>()
  let phase = ''
  const add = (step: string, finding: Finding) => found.set(step, [...(found.get(step) ?? []), finding])
  return {
    hear(event) {
      if (event.type === 'phase.started') phase = event.phase
      if (phase !== 'diagnose') return
      if (event.type === 'step.started') found.delete(event.step)
      else if (event.type === 'step.suggested')
        add(event.step, {
          rank: 0,
          sign: pc.magenta('→'),
          title: titles.get(event.suggests) ?? event.suggests,
          says: event.why,
        })
      else if (event.type === 'step.finished') {
        const finding = judge(event, titles.get(event.step) ?? event.step)
        if (finding) add(event.step, finding)
      }
    },
    take(columns) {
      const all = [...found.values()].flat().toSorted((a, b) => a.rank - b.rank)
      found.clear()
      const shown = all.length > LINES ? all.slice(0, LINES - 1) : all
      const lines = shown.map(finding => `  ${finding.sign} ${join(finding, columns - 4)}`)
      return all.length > LINES ? [...lines, pc.dim(`  … ${all.length - shown.length} more above`)] : lines
    },
  }
}

interface Finding {
  readonly rank: number
  readonly sign: string
  readonly title: string
  readonly says: string
}

/** What a step's end says of the cause, if it says anything. */
function judge(event: Extract<RunEvent, { type: 'step.finished' }>, title: string): Finding | undefined {
  const { status, value, reason, error } = event
  const sign = SIGNS[status]
  if (status === 'ruled-out') return { rank: 2, sign, title, says: reason ?? 'ruled out' }
  if (status === 'passed')
    return value === undefined ? undefined : { rank: 3, sign: pc.dim('='), title, says: formatValue(value) }
  const why = reason ?? error?.message
  return { rank: 1, sign, title, says: `${status.replace('-', ' ')}${why === undefined ? '' : `: ${why}`}` }
}

/** A title, and what is to be said of it: a long title leaves it room. */
function join({ title, says }: Finding, width: number): string {
  const about = shortenText(title, Math.max(Math.floor(width / 2), width - says.length - 2))
  return shortenText(/[?!:.…]$/.test(about) ? `${about} ${says}` : `${about}: ${says}`, width)
}
