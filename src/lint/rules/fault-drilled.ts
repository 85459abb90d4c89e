import { type Rule, violation } from '../rule.ts'

/** Where a handbook keeps faults of its own, each in a folder that is named after it. */
const FAULTS = 'src/lab/incidents'

/** What nobody drills, nobody knows how to heal. */
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
