import pc from 'picocolors'
import { formatDuration } from '../../base/index.ts'
import { describeStartAlert, type Json, type RunEvent, type RunState } from '../../journal/index.ts'
import {
  describeAnswer,
  describeClaim,
  describeLeft,
  describeNote,
  describeSilence,
  formatBytes,
  formatValue,
  nameOfPhase,
  nameStatus,
  SIGNS,
  TEMPORARY,
} from '../describe-run.ts'
import { collectFindings } from '../findings.ts'
import { formatClock, formatDay, nameZone } from '../format-time.ts'
import { breakText, fitText, wrapText } from '../wrap-text.ts'
import { createAskedParam } from './asked-param.ts'
import { createOutputWriter } from './output-writer.ts'
import { formatEnding } from './run-ending.ts'

/** How a run is told in a terminal. */
export interface RunReporterOptions {
  /** Whether it is said at which time things happened: to whoever reads about it later. */
  readonly clock?: boolean
  /** Whether commands find the run later, asked when it has ended: what cannot be done with it is not proposed. */
  readonly recorded?: () => boolean
  /** Where goes what steps print, when that is not where our own words go. */
  readonly writeOutput?: (text: string) => void
}

/**
 * Tells a run in a terminal, event by event, as plain lines that also read well in a log. All lines are broken to fit the terminal's
 * `width`. In a log, which has none, what a step prints is left as it is.
 */
export function createRunReporter(
  write: (text: string) => void,
  width?: number,
  { clock = false, recorded = () => true, writeOutput = write }: RunReporterOptions = {},
): (event: RunEvent) => void {
  // A terminal that does not know its size says 0.
  const columns = width || 80
  const titles = new Map<string, string>()
  /** The steps that point to others. */
  const suggesting = new Set<string>()
  let page = ''
  let environment = ''
  /** The run that is rolled back, if it is another one. */
  let rollsBack: string | undefined
  /** Its end counts from the time at which it was gone on with. */
  let resumed = false
  /** Whether changes were rolled back because something went wrong. */
  let rolledBack = false
  const output = createOutputWriter(writeOutput, width || undefined)
  const findings = collectFindings(titles)
  const askedParam = createAskedParam()
  const line = (text = '') => {
    output.endLine()
    write(`${fitText(text, columns)}\n`)
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
  const tellValue = (value: Json) => {
    const lines = wrapText(formatValue(value), columns - 6).flatMap(text => breakText(text, columns - 6))
    for (const [index, text] of lines.entries()) line(`    ${index === 0 ? pc.dim('=') : ' '} ${text}`)
  }
  const tellFound = () => {
    const found = findings.take(columns)
    if (found.length === 0) return
    line()
    line(pc.bold('Found'))
    for (const text of found) line(text)
  }
  return event => {
    findings.hear(event)
    askedParam.hear(event)
    switch (event.type) {
      case 'run.started':
        page = event.procedure
        environment = event.environment
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
        if (event.phase !== 'diagnose') tellFound()
        line()
        line(pc.bold(event.temporary ? TEMPORARY : nameOfPhase(event.phase)))
        return
      case 'step.started':
        if (event.attempt > 1) return
        suggesting.delete(event.step)
        line(`  ${pc.cyan('▸')} ${event.title} ${pc.dim(`#${event.step}${at(event.time)}`)}`)
        return
      case 'step.supervised':
        return
      case 'run.noted':
        tell(pc.cyan('✎'), describeNote(event), '')
        return
      case 'run.answered':
        tell(pc.dim('→'), pc.dim(describeAnswer(event)))
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
        output.write(event.text)
        return
      }
      case 'step.output-kept':
        tell(pc.dim('+'), pc.dim(describeKept(event)))
        return
      case 'step.suggested':
        suggesting.add(event.step)
        tell(pc.magenta('→'), `${titles.get(event.suggests) ?? event.suggests} #${event.suggests}: ${event.why}`)
        return
      case 'step.silenced':
      case 'step.unsilenced':
        tell(pc.yellow('~'), describeSilence(event))
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
        if (value !== undefined) tellValue(value)
        const place = error?.line === undefined ? '' : ` at line ${error.line}:${error.column}`
        const why = reason ?? error?.message
        // What a person skipped never began, so its title was not told.
        const what = seconds === 0 && status === 'skipped' ? `${titles.get(event.step) ?? event.step}: ` : ''
        tell(
          SIGNS[status],
          `${what}${nameStatus(status, suggesting.has(event.step))} in ${took}${place}${why ? `: ${why}` : ''}`,
        )
        if (error?.hint !== undefined) tell(' ', error.hint)
        if (event.left) tell(pc.yellow('⚠'), describeLeft(event.left))
        return
      }
      case 'run.waiting':
        if (event.for === 'approval') tell(pc.yellow('…'), event.message)
        return
      case 'run.finished': {
        if (event.outcome === 'inconclusive' || event.outcome === 'ruled-out') tellFound()
        line()
        const findable = rollsBack !== undefined || recorded()
        const ended = clock ? `, at ${sayWhen(event.time)}` : ''
        for (const text of formatEnding(
          event,
          { page, environment, asks: askedParam.name, rollsBack, titles, resumed, rolledBack, findable, ended },
          columns,
        ))
          line(text)
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

function describeKept({ bytes, kept, file, problem }: Extract<RunEvent, { type: 'step.output-kept' }>): string {
  const all = formatBytes(bytes)
  if (file === undefined) return `its output, ${all}, was not kept: ${problem}`
  if (problem !== undefined) return `${formatBytes(kept)} of its output, ${all}, are kept in ${file}: ${problem}`
  return kept < bytes
    ? `the first ${formatBytes(kept)} of its output, ${all}, are kept in ${file}`
    : `its whole output, ${all}, is kept in ${file}`
}

/** What a run had done before it is gone on with: a line for each step that was taken. */
export function formatRecap({ steps }: RunState): string {
  const lines = steps.flatMap(({ id, title, status, suggests = [] }) => {
    if (status === 'waiting') return []
    const sign = status === 'running' ? pc.yellow('◌') : SIGNS[status]
    const told = status === 'running' ? 'had begun' : nameStatus(status, suggests.length > 0)
    return `  ${sign} ${title} ${pc.dim(`#${id}`)} ${told}\n`
  })
  return lines.length > 0 ? `\n${pc.bold('Done before')}\n${lines.join('')}` : ''
}
