import pc from 'picocolors'
import { formatDuration } from '../../base/pure.ts'
import type { Outcome, RunEvent } from '../../journal/index.ts'
import { describeChange, describeMore } from '../../journal/pure.ts'
import { explainOutcome } from '../describe-run.ts'
import { fitText, wrapText } from '../wrap-text.ts'

type RunFinished = Extract<RunEvent, { type: 'run.finished' }>

/** What its end does not say of a run. */
export interface EndedRun {
  readonly page: string
  readonly environment: string
  /** The parameter that its last step asked for, if it did: no resumed run has another value of it. */
  readonly asks: string | undefined
  /** The run that it rolled back, if it is another one. */
  readonly rollsBack: string | undefined
  readonly titles: ReadonlyMap<string, string>
  /** Whether its end counts from the time at which it was resumed. */
  readonly resumed: boolean
  /** Whether changes were rolled back because something went wrong. */
  readonly rolledBack: boolean
  /** Whether commands find it later. */
  readonly findable: boolean
  /** When it ended, if that is said. */
  readonly ended: string
}

/** The end of a run in lines: how it ended and why, whether its alert is gone, what is unreverted, and what can be done next. */
export function formatEnding(event: RunFinished, run: EndedRun, columns: number): string[] {
  const { titles, rollsBack, findable, page } = run
  const color = GOOD.includes(event.outcome) ? pc.green : pc.red
  const took = formatDuration(event.seconds * 1000)
  const when = run.resumed ? `${took} after it was resumed` : `after ${took}`
  const why = explainOutcome(event)
  const way = findable ? `runs roll-back ${rollsBack ?? event.run}` : `run ${page}`
  const lines = [
    `${pc.bold(color(event.outcome.toUpperCase().replace('-', ' ')))} ${when}${run.ended}`,
    ...(event.outcome === 'healed' ? [describeAlert(event)].filter(text => text !== undefined) : []),
    ...(why === undefined ? [] : wrapText(why, columns)),
    ...(event.standing.length > 0 ? ['Unreverted changes:'] : []),
    ...event.standing.map(
      ({ step, undoneBy }) =>
        `  • ${titles.get(step) ?? step}${undoneBy === undefined ? '' : pc.dim(`, undone by #${undoneBy}`)}`,
    ),
    ...(event.rollBack.length > 0 && findable ? [`Roll them back: handbook ${way}`] : []),
    ...(findable ? [] : event.rollBack).map(step => `Roll back: handbook run ${page} --step ${step}`),
    ...(event.cures ?? []).flatMap(({ step, undoneBy, when }) => [
      ...wrapText(`“${titles.get(step) ?? step}” stays. Undo it only when ${when}:`, columns),
      `  handbook ${way} --step ${undoneBy}`,
    ]),
    ...(event.earlier?.length ? ['Unreverted changes of earlier runs here:'] : []),
    ...(event.earlier ?? []).map(change => describeChange(change).replace(/^/gm, '    ').replace(/^ {4}/, '  • ')),
    ...(event.earlier?.length && event.moreEarlier !== undefined ? [`  • ${describeMore(event.moreEarlier)}`] : []),
    ...sayWhatNext(event, run),
  ]
  return lines.map(text => fitText(text, columns))
}

/** Whether an alert of the page fires, in a line: as far as somebody was asked. Nothing when the page answers none. */
function describeAlert({ alerts, alertNow }: RunFinished): string | undefined {
  if (alertNow?.now === 'fires') return `Alert still fires: ${alertNow.name}`
  // The sentence of its outcome says it.
  if (alerts === undefined) return undefined
  switch (alerts.asked) {
    case 'none-fires':
      return `Not firing: ${alerts.alerts.join(', ')}`
    case 'fires':
      return `Alert still fires: ${alerts.firing.map(({ alert }) => alert).join(', ')}`
    case 'nobody':
      return 'Alert unknown: this environment names no Alertmanager to ask'
    case 'no-answer':
      return `Alert unknown: ${alerts.why}`
    case 'no-alerts':
      return alertNow === undefined
        ? undefined
        : `Alert ${alertNow.now === 'gone' ? 'gone' : 'unknown'}: ${alertNow.name}`
    default:
      return alerts satisfies never
  }
}

/** What can be done with a run that has ended so. */
function sayWhatNext(
  event: RunFinished,
  { page, environment, asks, rollsBack, rolledBack, findable }: EndedRun,
): string[] {
  const open = event.outcome === 'interrupted' || event.outcome === 'cancelled' || event.refused !== undefined
  const resume = `handbook runs resume ${event.run}`
  if (!findable) {
    if (!open && event.outcome !== 'failed') return []
    return ['This run is not recorded: it cannot be resumed', `Start a new one: handbook run ${page}`]
  }
  if (event.outcome === 'healed') return [`Write it up: handbook runs export ${event.run}`]
  if (rollsBack !== undefined) return []
  if (open) return [`Resume it: ${resume}`]
  if (event.outcome === 'failed' && asks !== undefined)
    return [
      `It asks for another ${asks}; a resumed run keeps its parameters. Start a new one:`,
      `  handbook run ${page} --env ${environment} --param ${asks}=…`,
    ]
  return event.outcome === 'failed' && !rolledBack
    ? [`Once its cause is mended, resume it at the step that failed: ${resume}`]
    : []
}

const GOOD: readonly Outcome[] = ['healed', 'passed', 'ruled-out']
