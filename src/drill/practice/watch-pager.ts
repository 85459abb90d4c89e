import { type Alert, askFiringOf, listAlerts } from '../../alerts/index.ts'
import type { LabStatus } from '../../lab-port/index.ts'

/** What a pager says. */
export interface Paged {
  /** The alert's name; for the one that always fires, that it stopped. */
  readonly alert: string
  readonly severity?: string
  readonly summary?: string
  /** The address of the runbook. */
  readonly runbook?: string
}

/** Milliseconds that a question may take. */
const PATIENCE = 5000

/** Where alerts are looked for. */
type Monitored = Pick<LabStatus, 'alertmanagerUrl' | 'deadMansSwitch'>

/** A pager, from the time at which it is taken up. */
export interface Pager {
  /**
   * What it says now that it did not say before, and whether one of the awaited alerts fires; nothing of that while nobody answers. It does
   * not throw.
   */
  look(): Promise<{ readonly paged: readonly Paged[]; readonly firing: boolean | undefined }>
}

/** Takes up a pager. It says each alert once, but for one that ended and fires again; and nothing of those that nobody is notified of. */
export function watchPager(awaited: readonly string[], status: Monitored): Pager {
  const { alertmanagerUrl, deadMansSwitch } = status
  let known: readonly string[] = []
  return {
    async look() {
      const limit = AbortSignal.timeout(PATIENCE)
      const [answer, alerts] = await Promise.all([
        askFiringOf(awaited, status, limit),
        alertmanagerUrl === undefined ? [] : listAlerts(alertmanagerUrl, {}, limit).catch(() => undefined),
      ])
      const firing = answer.asked === 'answered' ? answer.firing.map(({ name }) => name) : undefined
      const isSilent = deadMansSwitch !== undefined && awaited.includes(deadMansSwitch.alert)
      const silences = isSilent && firing?.includes(deadMansSwitch.alert) ? [tellSilence(deadMansSwitch.alert)] : []
      const loud = alerts?.filter(
        ({ state, labels }) => state !== 'suppressed' && labels.alertname !== deadMansSwitch?.alert,
      )
      const all = [...silences, ...(loud?.map(tellAlert) ?? [])]
      const paged = all.filter(
        ({ alert }, index) => !known.includes(alert) && all.findIndex(other => other.alert === alert) === index,
      )
      // While nobody answers, nothing is known to have ended.
      known = alerts ? all.map(({ alert }) => alert) : [...known, ...paged.map(({ alert }) => alert)]
      return { paged, firing: firing?.some(name => awaited.includes(name)) }
    },
  }
}

function tellSilence(alert: string): Paged {
  return {
    alert: `silence of ${alert}`,
    summary: `${alert} does not arrive at the dead man’s switch any more: alerts may reach nobody`,
  }
}

function tellAlert({ labels, annotations }: Alert): Paged {
  const { alertname = '', severity } = labels
  const { summary, runbook_url: runbook } = annotations
  return {
    alert: alertname,
    ...(severity === undefined ? {} : { severity }),
    ...(summary === undefined ? {} : { summary }),
    ...(runbook === undefined ? {} : { runbook }),
  }
}
