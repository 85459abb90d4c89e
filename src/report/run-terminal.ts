import pc from 'picocolors'
import { formatDuration } from '../base/index.ts'
import type { Outcome, RunEvent, StepStatus } from '../journal/index.ts'
import { PHASES } from '../procedure/index.ts'

/** Tells a run in a terminal, event by event, as plain lines that also read well in a log. */
export function createRunReporter(write: (text: string) => void): (event: RunEvent) => void {
  const titles = new Map<string, string>()
  let open = ''
  const line = (text = '') => {
    if (open) write('\n')
    open = ''
    write(`${text}\n`)
  }
  return event => {
    switch (event.type) {
      case 'run.started':
        for (const { id, title } of event.steps) titles.set(id, title)
        line(pc.bold(event.title))
        line(pc.dim(`${event.environment} · run ${event.run} · ${event.by.user}@${event.by.host}`))
        return
      case 'run.warned':
        line(pc.yellow(`! ${event.message}`))
        return
      case 'phase.started':
        line()
        line(pc.bold(PHASES.find(({ name }) => name === event.phase)?.title ?? event.phase))
        return
      case 'step.started':
        if (event.attempt === 1) line(`  ${pc.cyan('▸')} ${event.title} ${pc.dim(`#${event.step}`)}`)
        return
      case 'step.output': {
        // Output comes in pieces; a piece may end in the middle of a line.
        const lines = event.text.split('\n')
        for (const [index, text] of lines.entries()) {
          if (index > 0) {
            write('\n')
            open = ''
          }
          if (text === '' && index === lines.length - 1) continue
          write(open ? text : `    ${pc.dim('│')} ${text}`)
          open = 'output'
        }
        return
      }
      case 'step.suggested':
        line(`    ${pc.magenta('→')} suggests ${pc.bold(titles.get(event.suggests) ?? event.suggests)}: ${event.why}`)
        return
      case 'step.evidence':
        line(`    ${pc.dim(`+ evidence ${event.evidence.name}`)}`)
        return
      case 'step.retrying':
        line(`    ${pc.yellow('↻')} ${event.error.message} ${pc.dim(`(try ${event.attempt})`)}`)
        return
      case 'step.finished': {
        const { status, seconds, value, reason, error } = event
        const took = pc.dim(formatDuration(seconds * 1000))
        line(`  ${SIGNS[status]} ${titles.get(event.step) ?? event.step} ${describe(status)}${took}`)
        if (reason) line(`    ${reason}`)
        if (error) line(`    ${pc.red(error.line ? `line ${error.line}:${error.column} ` : '')}${error.message}`)
        if (value !== undefined) line(pc.dim(`    = ${shorten(JSON.stringify(value), 400)}`))
        return
      }
      case 'run.waiting':
        return
      case 'run.finished': {
        line()
        const color = GOOD.includes(event.outcome) ? pc.green : pc.red
        line(`${pc.bold(color(event.outcome.toUpperCase()))} after ${formatDuration(event.seconds * 1000)}`)
        if (event.reason) line(`${event.refused ? 'Refused: ' : ''}${event.reason}`)
        if (event.standing.length > 0) {
          line('Measures still standing:')
          for (const { step, undoneBy } of event.standing) {
            line(`  • ${titles.get(step) ?? step}${undoneBy ? pc.dim(`, undone by #${undoneBy}`) : ''}`)
          }
        }
        return
      }
      default:
        event satisfies never
    }
  }
}

const GOOD: readonly Outcome[] = ['healed', 'passed', 'ruled-out']

const SIGNS: Readonly<Record<StepStatus, string>> = {
  passed: pc.green('✓'),
  failed: pc.red('✗'),
  'ruled-out': pc.blue('−'),
  skipped: pc.dim('○'),
  blocked: pc.yellow('◌'),
  cancelled: pc.yellow('■'),
  'timed-out': pc.red('◷'),
  interrupted: pc.yellow('■'),
}

function describe(status: StepStatus): string {
  return status === 'passed' ? '' : `${pc.dim('·')} ${status.replace('-', ' ')} `
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}
