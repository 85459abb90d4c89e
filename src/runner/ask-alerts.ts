import { type FiringAnswer, nameAnswered } from '../alerts/index.ts'
import {
  type AlertNow,
  type AskedAlerts,
  judgeThen,
  type NamedAlert,
  type StartAlert,
  type Verdict,
} from '../journal/index.ts'
import type { Run } from './run.ts'

/** What was answered about the page's alerts, and about the one that the run was started for, if there is one. */
export interface AskedAtEnd {
  readonly alerts: AskedAlerts
  readonly alertNow?: AlertNow
}

/** Asks which of the page's alerts fire. Nobody is asked when it answers none. */
export async function askAlerts(run: Run): Promise<AskedAtEnd> {
  const { alerts } = run.request.procedure
  const started = findStartAlert(run)
  if (alerts.length === 0 && started === undefined) return { alerts: { asked: 'no-alerts' } }
  const answer = await run.ports.firingAlerts()
  const now = started === undefined ? {} : { alertNow: judgeStartAlert(started, answer) }
  return { alerts: alerts.length === 0 ? { asked: 'no-alerts' } : readAnswer(alerts, answer), ...now }
}

/**
 * An ending with what is known of the alert that the run was started for. Whoever wants out of a run is not kept waiting: nobody is asked
 * then, and it is unknown.
 */
export async function addStartAlert(run: Run, ending: Verdict): Promise<Verdict> {
  const started = findStartAlert(run)
  if (started === undefined || ending.alertNow !== undefined) return ending
  const over = ending.outcome === 'cancelled' || ending.outcome === 'interrupted' || ending.refused !== undefined
  if (over) return { ...ending, alertNow: { name: started.name, now: 'unknown', began: judgeThen(started) } }
  return { ...ending, alertNow: judgeStartAlert(started, await run.ports.firingAlerts()) }
}

function findStartAlert({ request }: Run): StartAlert | undefined {
  return request.alert ?? request.resumes?.history.started.alert
}

/** The one with its labels, when these are known; any of its name else. It is gone only if it was seen to fire. */
function judgeStartAlert(started: StartAlert, answer: FiringAnswer): AlertNow {
  const { name } = started
  const began = judgeThen(started)
  if (answer.asked !== 'answered') return { name, now: 'unknown', began }
  const fires = answer.firing.some(
    alert => alert.name === name && (started.asked !== 'fires' || hasLabels(alert.labels, started.labels)),
  )
  return { name, now: fires ? 'fires' : began === 'fires' ? 'gone' : 'not-firing', began }
}

function hasLabels(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value)
}

function readAnswer(alerts: readonly string[], answer: FiringAnswer): AskedAlerts {
  switch (answer.asked) {
    case 'nobody':
      return { asked: 'nobody' }
    case 'no-answer':
      return { asked: 'no-answer', why: answer.why, ...(answer.at === undefined ? {} : { at: answer.at }) }
    case 'answered': {
      const { at, from } = answer
      const who = { ...(at === undefined ? {} : { at }), ...(from === undefined ? {} : { from }) }
      const firing = alerts.flatMap((alert): NamedAlert[] => {
        // Somebody is told of an alert when they are told of one of its instances: those come first.
        const [first] = answer.firing.filter(({ name }) => name === alert)
        if (!first) return []
        return [{ alert: nameAnswered(alert, answer), ...(first.quiet === undefined ? {} : { quiet: first.quiet }) }]
      })
      return firing.length > 0
        ? { asked: 'fires', firing, ...who }
        : { asked: 'none-fires', alerts: alerts.map(alert => nameAnswered(alert, answer)), ...who }
    }
    default:
      return answer satisfies never
  }
}
