import type { Problem } from '../../base/index.ts'
import { describeUnknown } from '../describe-unknown.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import type { Page } from '../page.ts'

/** Demands that drills name faults, steps and alerts that exist, and that a runbook has one. */
export function checkDrills(page: Page, faults: readonly string[]): Problem[] {
  const { kind, drills, alerts, phases } = page.procedure
  if (kind !== 'runbook') return []
  if (drills.length === 0) {
    // Front matter that cannot be read may well have drills.
    if (!knowsFrontMatter(page.procedure)) return []
    return [page.problem('has-drill', { line: 1, column: 1 }, 'No drill proves this runbook')]
  }
  const mitigations = phases.filter(({ name }) => name === 'mitigate').flatMap(({ steps }) => steps.map(({ id }) => id))
  return drills.flatMap(({ fault, expect, alert }, index) => {
    const found: Problem[] = []
    const place = page.placeOf('drills', index, 'fault')
    if (!faults.includes(fault)) {
      found.push(page.problem('drill-fault', place, `The lab knows no fault ${fault}`, describeUnknown(fault, faults)))
    } else if (drills.findIndex(drill => drill.fault === fault) < index) {
      found.push(
        page.problem('drill-fault', place, `Another drill of this page has the fault ${fault} already`, {
          found: fault,
        }),
      )
    }
    for (const [at, step] of expect.entries()) {
      if (mitigations.includes(step)) continue
      const message = `This page has no step ${step} in Mitigate`
      found.push(
        page.problem(
          'drill-expects',
          page.placeOf('drills', index, 'expect', at),
          message,
          describeUnknown(step, mitigations),
        ),
      )
    }
    if (alert !== undefined && !alerts.includes(alert)) {
      const message = `${alert} is no alert of this page`
      found.push(
        page.problem('drill-alert', page.placeOf('drills', index, 'alert'), message, describeUnknown(alert, alerts)),
      )
    }
    if (alert === undefined && alerts.length === 0) {
      found.push(page.problem('drill-alert', place, 'No alert can tell of this drill, for the page answers none'))
    }
    return found
  })
}
