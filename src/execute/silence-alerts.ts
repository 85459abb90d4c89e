import { askAlertExpressions, createSilence } from '../alerts/index.ts'
import { formatDuration, parseDuration } from '../base/index.ts'
import type { MadeSilence } from '../journal/index.ts'
import type { SilencingPermit } from './protocol.ts'

/**
 * Silences alerts for a step, as far as it may. Throws when it may not, for a name that Prometheus does not know, for longer than the page
 * says, and when Alertmanager does not take it: then nothing is silenced.
 */
export async function silenceAlerts(
  permit: SilencingPermit,
  alerts: readonly string[],
  span: string | number,
  why: string,
): Promise<MadeSilence> {
  if ('refused' in permit) throw new Error(permit.refused)
  const { alertmanagerUrl, prometheusUrl, atMost, by, mark } = permit
  const length = typeof span === 'number' ? span : parseDuration(span)
  if (length === undefined || !(length > 0)) throw new TypeError(`${span} is not a duration such as 30m`)
  if (length > atMost)
    throw new RangeError(`the page silences for ${formatDuration(atMost)} at most, not ${formatDuration(length)}`)
  if (why.trim() === '') throw new TypeError('a silence wants a reason')
  if (alerts.length === 0) throw new TypeError('a silence wants the name of an alert')
  for (const name of alerts) await demandAlert(name, prometheusUrl)
  const until = new Date(Date.now() + length)
  const id = await createSilence(alertmanagerUrl, { alerts, until, by, comment: `${why} ${mark}` })
  return { id, alerts, until: until.toISOString(), why }
}

/** A silence of a name that no rule has would keep nothing quiet. */
async function demandAlert(name: string, prometheusUrl: string | undefined): Promise<void> {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is not the name of an alert`)
  if (prometheusUrl === undefined) return
  const expressions = await askAlertExpressions(prometheusUrl, name)
  if (expressions.length === 0) throw new RangeError(`Prometheus has no alert ${name}`)
}
