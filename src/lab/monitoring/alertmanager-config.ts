import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isScalar, parseDocument, visit } from 'yaml'
import { scaleDuration } from '../../alerts/index.ts'
import type { LabPlan } from '../plan/lab-plan.ts'

/** The receiver of the alert that always fires. */
export const DEAD_MANS_SWITCH = 'dead-mans-switch'

/** The receivers of the shipped configuration that wake somebody. */
export const WAKING = ['pager', DEAD_MANS_SWITCH] as const

/** The keys of a route that hold a time. */
const TIMES = ['group_wait', 'group_interval', 'repeat_interval']

/** The configuration of Alertmanager that is published with the rules; nothing where they come without one. */
export function shippedAlertmanager(rules: string): string | undefined {
  const path = join(rules, 'alertmanager.yaml')
  return existsSync(path) ? path : undefined
}

/** What differs here from the shipped configuration. */
export function alertingDifference({ timeScale }: Pick<LabPlan, 'timeScale'>): string {
  return `alertmanager.yaml: times are divided by ${timeScale}, and every receiver is the lab’s own: nobody is called`
}

/**
 * The shipped configuration of Alertmanager, as a lab runs it: its routes and inhibitions as they are, with their times divided by the
 * time scale, and every receiver at the lab's own address.
 */
export function adaptAlertmanager(
  text: string,
  { timeScale, pagerUrl, deadMansSwitchUrl }: Pick<LabPlan, 'timeScale' | 'pagerUrl' | 'deadMansSwitchUrl'>,
): string {
  const document = parseDocument(text)
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isScalar(value) || !TIMES.includes(String(key.value))) return
      value.value = scaleDuration(String(value.value), timeScale)
    },
  })
  const { receivers }: { receivers: { name: string }[] } = document.toJS()
  const replaced = receivers.map(({ name }) => ({
    name,
    webhook_configs: [
      name === DEAD_MANS_SWITCH ? { url: deadMansSwitchUrl, send_resolved: false } : { url: `${pagerUrl}/${name}` },
    ],
  }))
  document.set('receivers', document.createNode(replaced))
  return document.toString()
}
