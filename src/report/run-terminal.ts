import pc from 'picocolors'
import { formatDuration } from '../base/index.ts'
import {
  describeChange,
  describeMore,
  describeStartAlert,
  type Json,
  type Outcome,
  type RunEvent,
  type RunState,
  type StepStatus,
} from '../journal/index.ts'
import { describeClaim, describeLeft, explainOutcome, formatBytes, nameOfPhase, TEMPORARY } from './describe-run.ts'
import { formatClock, formatDay, nameZone } from './format-time.ts'
import { wrapText } from './wrap-text.ts'

/** How a run is told in a terminal. */
export interface RunReporterOptions {
  /** Whether it is said at which time things happened: to whoever reads about it later. */
  readonly clock?: boolean
  /** Whether commands find the run later, asked when it has ended: what cannot be done with it is not proposed. */
  readonly recorded?: () => boolean
}

/**
 * Tells a run in a terminal, event by event, as plain lines that also read well in a log. What a step prints is left as it is;
 * our own words are broken to fit `columns`.
 */
export function createRunReporter(
  write: (text: string) => void,
  columns = 80,
  { clock = false, recorded = () => true }: RunReporterOptions = {},
): (event: RunEvent) => void {
  const titles = new Map<string, string>()
  let page = ''
  /** The run that is rolled back, if it is another one. */
  let rollsBack: string | undefined
  /** Its end counts from the time at which it was gone on with. */
  let resumed = false
  /** Whether changes were rolled back because something went wrong. */
  let rolledBack = false
  let open = ''
  const line = (text = '') => {
    if (open) write('\n')
    open = ''
    write(`${text}\n`)
  }
  const at = (time: string) => (clock ? ` · ${formatClock(time)}` : '')
  /** A sign, and words that hang behind it. */
  const tell = (sign: string, text: string, indent = '    ') => {
    const [first = '', ...rest] = wrapText(text, Math.max(40, columns - indent.length - 2))
    line(`${indent}${sign} ${first}`)
    for (const more of rest) line(`${indent}  ${more}`)
  }
  const tellBrokenGlass = (reason: string) => {
    for (const text of wrapText(`BREAK GLASS: dangerous steps run without an approval. ${reason}`, columns))
      line(pc.bold(pc.red(text)))
  }
  return event => {
    switch (event.type) {
      case 'run.started':
        page = event.procedure
        for (const { id, title } of event.steps) titles.set(id, title)
        line(pc.bold(event.title))
        line(pc.dim(`${event.environment} · run ${event.run} · ${event.by.user}@${event.by.host}`))
        if (clock) line(pc.dim(`began ${formatDay(new Date(event.time))} ${sayWhen(event.time)}`))
        rollsBack = event.rollsBack
        if (rollsBack !== undefined) line(`Takes back run ${rollsBack}`)
        if (event.alert !== undefined)
          for (const text of wrapText(`${describeStartAlert(event.alert)}.`, columns)) line(text)
        if (event.breakGlass !== undefined) tellBrokenGlass(event.breakGlass)
        return
      case 'run.resumed':
        resumed = true
        line()
        rolledBack = false
        line(pc.bold(`Resumed by ${event.by.user}@${event.by.host}`) + pc.dim(at(event.time)))
        if (event.breakGlass !== undefined) tellBrokenGlass(event.breakGlass)
        return
      case 'run.warned':
        for (const [index, text] of wrapText(event.message, Math.max(40, columns - 2)).entries())
          line(pc.yellow(`${index === 0 ? '!' : ' '} ${text}`))
        return
      case 'phase.started':
        if (event.phase === 'roll-back' && !event.temporary) rolledBack = true
        line()
        line(pc.bold(event.temporary ? TEMPORARY : nameOfPhase(event.phase)))
        return
      case 'step.started':
        if (event.attempt === 1) line(`  ${pc.cyan('▸')} ${event.title} ${pc.dim(`#${event.step}${at(event.time)}`)}`)
        return
      case 'step.supervised':
        return
      case 'run.claimed':
        tell(pc.yellow('!'), describeClaim(event))
        return
      case 'step.planned': {
        const { items } = event
        const named = items.slice(0, 5).join(', ')
        tell(pc.dim('='), `plan: ${items.length} of #${event.by}, no more: ${named}${items.length > 5 ? ', …' : ''}`)
        return
      }
      case 'step.approved':
        tell(pc.green('✓'), `approved by ${event.by}`)
        return
      case 'step.unapproved':
        tell(pc.bold(pc.red('!')), `BREAK GLASS by ${event.by.user}@${event.by.host}: ${event.reason}`)
        return
      case 'step.output': {
        if (event.skipped !== undefined) line(pc.dim(`    ┊ … ${formatBytes(event.skipped)} more`))
        if (event.unkept !== undefined)
          line(pc.yellow(`    ┊ ${formatBytes(event.unkept)} were not kept: the record had no room`))
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
      case 'step.output-kept':
        tell(pc.dim('+'), pc.dim(describeKept(event)))
        return
      case 'step.suggested':
        tell(pc.magenta('→'), `${titles.get(event.suggests) ?? event.suggests} #${event.suggests}: ${event.why}`)
        return
      case 'step.evidence':
        if (event.evidence.problem === undefined) line(`    ${pc.dim(`+ evidence ${event.evidence.name}`)}`)
        else tell(pc.yellow('!'), `evidence ${event.evidence.name} was not kept: ${event.evidence.problem}`)
        return
      case 'step.retrying':
        tell(pc.yellow('↻'), `try ${event.attempt}: ${event.error.message}`)
        return
      case 'step.finished': {
        const { status, seconds, value, reason, error } = event
        const took = formatDuration(seconds * 1000)
        if (value !== undefined) tell(pc.dim('='), formatValue(value))
        const place = error?.line === undefined ? '' : ` at line ${error.line}:${error.column}`
        const why = reason ?? error?.message
        // What a person skipped never began, so its title was not told.
        const what = seconds === 0 && status === 'skipped' ? `${titles.get(event.step) ?? event.step}: ` : ''
        tell(SIGNS[status], `${what}${status.replace('-', ' ')} in ${took}${place}${why ? `: ${why}` : ''}`)
        if (error?.hint !== undefined) tell(' ', error.hint)
        if (event.left) tell(pc.yellow('⚠'), describeLeft(event.left))
        return
      }
      case 'run.waiting':
        if (event.for === 'approval') tell(pc.yellow('…'), event.message)
        return
      case 'run.finished': {
        line()
        const color = GOOD.includes(event.outcome) ? pc.green : pc.red
        const took = formatDuration(event.seconds * 1000)
        const when = resumed ? `${took} after it was resumed` : `after ${took}`
        const ended = clock ? `, at ${sayWhen(event.time)}` : ''
        line(`${pc.bold(color(event.outcome.toUpperCase().replace('-', ' ')))} ${when}${ended}`)
        const findable = rollsBack !== undefined || recorded()
        const why = explainOutcome(event)
        if (why !== undefined) for (const text of wrapText(why, columns)) line(text)
        if (event.standing.length > 0) {
          line('Unreverted changes:')
          for (const { step, undoneBy } of event.standing) {
            line(`  • ${titles.get(step) ?? step}${undoneBy ? pc.dim(`, undone by #${undoneBy}`) : ''}`)
          }
          if (event.rollBack.length > 0 && findable)
            line(`Roll them back: handbook runs roll-back ${rollsBack ?? event.run}`)
          for (const step of findable ? [] : event.rollBack) line(`Roll back: handbook run ${page} --step ${step}`)
        }
        for (const { step, undoneBy, when } of event.cures ?? []) {
          for (const text of wrapText(`“${titles.get(step) ?? step}” stays. Undo it only when ${when}:`, columns))
            line(text)
          const way = findable ? `runs roll-back ${rollsBack ?? event.run}` : `run ${page}`
          line(`  handbook ${way} --step ${undoneBy}`)
        }
        if (event.earlier?.length) {
          line('Unreverted changes of earlier runs here:')
          for (const change of event.earlier) tell('•', describeChange(change), '  ')
          if (event.moreEarlier !== undefined) line(`  • ${describeMore(event.moreEarlier)}`)
        }
        const open = event.outcome === 'interrupted' || event.outcome === 'cancelled' || event.refused !== undefined
        const resume = `handbook runs resume ${event.run}`
        if (!findable) {
          if (!open && event.outcome !== 'failed') return
          line('This run is not recorded: it cannot be resumed')
          line(`Start a new one: handbook run ${page}`)
          return
        }
        if (open && rollsBack === undefined) line(`Resume it: ${resume}`)
        else if (event.outcome === 'failed' && rollsBack === undefined && !rolledBack)
          line(`Once its cause is mended, resume it at the step that failed: ${resume}`)
        if (event.outcome === 'healed') line(`Write it up: handbook runs export ${event.run}`)
        return
      }
      default:
        event satisfies never
    }
  }
}

function sayWhen(time: string): string {
  return `${formatClock(time)} ${nameZone(new Date(time))}`
}

const GOOD: readonly Outcome[] = ['healed', 'passed', 'ruled-out']

function describeKept({ bytes, kept, file, problem }: Extract<RunEvent, { type: 'step.output-kept' }>): string {
  const all = formatBytes(bytes)
  if (file === undefined) return `its output, ${all}, was not kept: ${problem}`
  if (problem !== undefined) return `${formatBytes(kept)} of its output, ${all}, are kept in ${file}: ${problem}`
  return kept < bytes
    ? `the first ${formatBytes(kept)} of its output, ${all}, are kept in ${file}`
    : `its whole output, ${all}, is kept in ${file}`
}

/** A step's value, as bash would see it. */
function formatValue(value: Json): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return shorten(JSON.stringify(value), 200)
  const pairs = Object.entries(value).map(
    ([key, part]) => `${key}=${typeof part === 'string' ? part : JSON.stringify(part)}`,
  )
  return shorten(pairs.join(' '), 400)
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}

/** What a run had done before it is gone on with: a line for each step that was taken. */
export function formatRecap({ steps }: RunState): string {
  const lines = steps.flatMap(({ id, title, status }) => {
    if (status === 'waiting') return []
    const sign = status === 'running' ? pc.yellow('◌') : SIGNS[status]
    const told = status === 'running' ? 'had begun' : status.replace('-', ' ')
    return `  ${sign} ${title} ${pc.dim(`#${id}`)} ${told}\n`
  })
  return lines.length > 0 ? `\n${pc.bold('Done before')}\n${lines.join('')}` : ''
}

/** A step's end in one character. */
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
