import { findUnseen, nameFaults, nameProof } from '../../journal/index.ts'
import { knowsFrontMatter, type Page } from '../page.ts'
import { describeUnknown, type Rule, violation } from '../rule.ts'

/** A runbook without a drill was never tried. */
export const hasDrill: Rule = {
  id: 'has-drill',
  severity: 'warning',
  summary: 'A runbook has a drill',
  hint: 'Add drills: with a fault that the lab knows',
  checkPage({ procedure }) {
    // Front matter that cannot be read may well have drills.
    if (procedure.kind !== 'runbook' || procedure.drills.length > 0 || !knowsFrontMatter(procedure)) return []
    return [violation({ line: 1, column: 1 }, 'No drill proves this runbook')]
  },
}

/** The lab can start the faults of a drill, and no two drills of a page have the same ones. */
export const drillFault: Rule = {
  id: 'drill-fault',
  severity: 'error',
  summary: 'A drill’s faults are ones that the lab knows, once a page',
  hint: 'See handbook lab break --help',
  checkPage(page, { faults, file }) {
    const { kind, drills } = page.procedure
    if (kind !== 'runbook') return []
    return drills.flatMap((drill, index) => {
      const { fault, with: other } = drill
      const place = page.placeOf('drills', index, 'fault')
      if (faults && !faults.includes(fault)) {
        if (!file.lab && faults.length === 0) return violation(place, NO_LAB, { found: fault, hint: NAME_ONE })
        return violation(place, `The lab knows no fault ${fault}`, describeUnknown(fault, faults))
      }
      if (other !== undefined && faults && !faults.includes(other))
        return violation(
          page.placeOf('drills', index, 'with'),
          `The lab knows no fault ${other}`,
          describeUnknown(other, faults),
        )
      if (other === fault)
        return violation(page.placeOf('drills', index, 'with'), 'It is the fault that the page heals', { found: fault })
      const name = nameFaults(drill)
      if (drills.findIndex(drill => nameFaults(drill) === name) === index) return []
      return violation(place, `Another drill of this page has the fault ${name} already`, { found: fault })
    })
  },
}

const NO_LAB = 'A drill needs a lab that brings its fault about, and handbook.yaml names none'
const NAME_ONE = 'Name it there: lab: { module: ./lab.mjs }, or lab: { commands: … }'

/** A drill can only expect steps that a run may take. */
export const drillExpects: Rule = {
  id: 'drill-expects',
  severity: 'error',
  summary: 'A drill expects steps of Mitigate and walks steps that undo them, or escalates at a step of Diagnose',
  hint: 'Name a step by its id',
  checkPage(page) {
    const { kind, drills, phases } = page.procedure
    if (kind !== 'runbook') return []
    const list = (phase: string) =>
      phases.filter(({ name }) => name === phase).flatMap(({ steps }) => steps.map(({ id }) => id))
    const known = list('mitigate')
    const diagnoses = list('diagnose')
    return drills.flatMap(({ expect, walk = [], escalates, within = {} }, index) => {
      const undoers = phases.flatMap(({ steps }) =>
        steps.flatMap(({ id, undoes }) => (undoes !== undefined && expect.includes(undoes) ? [id] : [])),
      )
      const unknown = expect.flatMap((step, at) => {
        if (known.includes(step)) return []
        const place = page.placeOf('drills', index, 'expect', at)
        return violation(place, `This page has no step ${step} in Mitigate`, describeUnknown(step, known))
      })
      const unwalkable = walk.flatMap((step, at) => {
        if (undoers.includes(step)) return []
        const place = page.placeOf('drills', index, 'walk', at)
        return violation(place, `No step ${step} undoes what this drill expects`, describeUnknown(step, undoers))
      })
      if (escalates === undefined) return [...unknown, ...unwalkable]
      const place = page.placeOf('drills', index, 'escalates')
      const missing = diagnoses.includes(escalates)
        ? []
        : [violation(place, `This page has no step ${escalates} in Diagnose`, describeUnknown(escalates, diagnoses))]
      const heals = expect.length > 0 || within.heal !== undefined || within.clear !== undefined
      const both = heals ? [violation(place, 'A drill that escalates heals nothing', { hint: ONLY_FIRE })] : []
      return [...unknown, ...unwalkable, ...missing, ...both]
    })
  },
}

const ONLY_FIRE = 'Leave out expect, and of within what is not fire'

/** A drill begins like an incident: with an alert. */
export const drillAlert: Rule = {
  id: 'drill-alert',
  severity: 'error',
  summary: 'A drill waits for an alert of its page',
  hint: 'Add it to alerts:, or name another one',
  checkPage(page) {
    const { kind, drills, alerts } = page.procedure
    if (kind !== 'runbook') return []
    return drills.flatMap(({ alert }, index) => {
      if (alert === undefined) {
        if (alerts.length > 0) return []
        const place = page.placeOf('drills', index, 'fault')
        return violation(place, 'No alert can fire in this drill, because the page names none')
      }
      if (alerts.includes(alert)) return []
      const place = page.placeOf('drills', index, 'alert')
      return violation(place, `${alert} is no alert of this page`, describeUnknown(alert, alerts))
    })
  },
}

/** What a page expects and nobody sees is wrong: of the fault, or of the alert. */
export const expectedAlert: Rule = {
  id: 'expected-alert',
  severity: 'error',
  summary: 'An alert that a drill expects, too, is in the rule files, and one of the last five runs saw it',
  hint: 'Leave it out of expectAlso, or find out why it does not fire any more',
  checkPage: (page, { alerts }) =>
    listExpected(page).flatMap(({ alert, place }) => {
      if (!alerts || alerts.includes(alert)) return []
      return violation(place, `No rule file has an alert ${alert}`, describeUnknown(alert, alerts))
    }),
  checkReferences: (page, { proofs }) =>
    listExpected(page).flatMap(({ drill, alert, place }) => {
      const proof = proofs?.find(({ id }) => id === drill)
      if (!proof || findUnseen([alert], proof).length === 0) return []
      return violation(place, `${alert} fired in none of the last five runs of this drill`, { found: alert })
    }),
}

function listExpected({ procedure: { id, kind, drills }, placeOf }: Page) {
  if (kind !== 'runbook') return []
  return drills.flatMap((drill, index) =>
    (drill.expectAlso ?? []).map((alert, at) => ({
      drill: nameProof(id, drill),
      alert,
      place: placeOf('drills', index, 'expectAlso', at),
    })),
  )
}

/** The folder of a handbook's own faults. Each has a folder with its name. */
const FAULTS = 'src/lab/incidents'

/** Without a drill, nobody knows whether a page heals the fault. */
export const faultDrilled: Rule = {
  id: 'fault-drilled',
  severity: 'warning',
  summary: 'A page drills each of the lab’s faults',
  hint: 'Name it in drills: of the page that heals it; what only proves a check is a mutation',
  async checkHandbook(pages, { faults, readText }) {
    const drilled = new Set(pages.flatMap(({ procedure }) => procedure.drills.map(({ fault }) => fault)))
    const found = await Promise.all(
      (faults ?? []).map(async fault => {
        const file = `${FAULTS}/${fault}/fault.ts`
        if (drilled.has(fault) || (await readText(file)) === undefined) return []
        return [{ file, ...violation({ line: 1, column: 1 }, `No page drills the fault ${fault}`) }]
      }),
    )
    return found.flat()
  },
}
