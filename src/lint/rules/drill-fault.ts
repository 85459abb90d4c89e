import { describeUnknown } from '../describe-unknown.ts'
import { type Rule, violation } from '../rule.ts'

/** A drill can be performed, and says something that no other of its page says. */
export const drillFault: Rule = {
  id: 'drill-fault',
  severity: 'error',
  summary: 'A drill’s fault is one that the lab knows, once a page',
  hint: 'See handbook lab break --help',
  checkPage(page, { faults, file }) {
    const { kind, drills } = page.procedure
    if (kind !== 'runbook') return []
    return drills.flatMap(({ fault }, index) => {
      const place = page.placeOf('drills', index, 'fault')
      if (faults && !faults.includes(fault)) {
        if (!file.lab && faults.length === 0) return violation(place, NO_LAB, { found: fault, hint: NAME_ONE })
        return violation(place, `The lab knows no fault ${fault}`, describeUnknown(fault, faults))
      }
      if (drills.findIndex(drill => drill.fault === fault) === index) return []
      return violation(place, `Another drill of this page has the fault ${fault} already`, { found: fault })
    })
  },
}

const NO_LAB = 'A drill needs a lab that brings its fault about, and handbook.yaml names none'
const NAME_ONE = 'Name it there: lab: { module: ./lab.mjs }, or lab: { commands: … }'
