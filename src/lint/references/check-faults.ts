import type { Problem } from '../../base/index.ts'
import type { Page } from '../page.ts'
import type { ReadText } from '../read-text.ts'
import { makeProblem } from '../rules.ts'

/** Where a handbook keeps faults of its own, each in a folder that is named after it. */
const FAULTS = 'src/lab/incidents'

/** Demands that a page drills each of the handbook's own faults: what nobody drills, nobody knows how to heal. */
export async function checkFaults(
  faults: readonly string[],
  pages: readonly Page[],
  readText: ReadText,
): Promise<Problem[]> {
  const drilled = new Set(pages.flatMap(({ procedure }) => procedure.drills.map(({ fault }) => fault)))
  const found = await Promise.all(
    faults.map(async fault => {
      const file = `${FAULTS}/${fault}/fault.ts`
      if (drilled.has(fault) || (await readText(file)) === undefined) return []
      return [makeProblem('fault-drilled', file, { line: 1, column: 1 }, `No page drills the fault ${fault}`)]
    }),
  )
  return found.flat()
}
