import type { Problem, WaivedProblem } from '../../base/index.ts'
import type { Page } from '../page.ts'
import { makeProblem, type Rule, violation } from '../rule.ts'
import { waiverUsed } from '../rules/waiver-used.ts'
import { type ActiveWaiver, judgeWaivers } from './judge-waivers.ts'

/** Problems that count, those of the waivers themselves among them, and those that are waived. */
export interface WaiverResult {
  readonly problems: readonly Problem[]
  readonly waived: readonly WaivedProblem[]
}

/**
 * Takes out the problems that their pages waive on a day. A waiver that waives nothing is a problem, unless `isJudged` says that
 * nobody has looked whether the rule holds.
 */
export function applyWaivers(
  found: readonly Problem[],
  pages: readonly Page[],
  today: string,
  isJudged: (rule: Rule) => boolean,
): WaiverResult {
  const waived: WaivedProblem[] = []
  const taken = new Set<Problem>()
  const wrong = pages.flatMap(page => {
    const { active, problems } = judgeWaivers(page, today)
    // What stands on a page that is not read as it was meant, nobody knows whole.
    const isWhole = page.procedure.problems.length === 0
    const unused = active.filter(waiver => {
      const { reason, until } = waiver
      const matching = found.filter(problem => !taken.has(problem) && isWaivedBy(problem, page, waiver))
      for (const problem of matching) {
        taken.add(problem)
        waived.push({ ...problem, reason, until })
      }
      return matching.length === 0 && isWhole && isJudged(waiver.rule)
    })
    return [
      ...problems,
      ...unused.map(({ index, rule, step }) => {
        const where = step === undefined ? 'on this page' : `in the step ${step}`
        const message = `There is no problem of ${rule.id} ${where}`
        return makeProblem(waiverUsed, page.path, violation(page.placeOf('waivers', index), message))
      }),
    ]
  })
  return { problems: [...found.filter(problem => !taken.has(problem)), ...wrong], waived }
}

function isWaivedBy({ file, rule, line }: Problem, page: Page, waiver: ActiveWaiver): boolean {
  if (file !== page.path || rule !== waiver.rule.id) return false
  if (waiver.step === undefined) return true
  const { phases, headings } = page.procedure
  const step = phases.flatMap(({ steps }) => steps).find(({ id }) => id === waiver.step)
  if (!step) return false
  const next = headings.find(heading => heading.depth <= 3 && heading.line > step.line)
  return line >= step.line && (next === undefined || line < next.line)
}
