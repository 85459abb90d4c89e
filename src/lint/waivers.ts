import type { Problem, WaivedProblem } from '../base/index.ts'
import type { Page } from './page.ts'
import { makeProblem, type Rule, violation } from './rule.ts'
import { waiverUsed } from './rules/waivers.ts'
import { RULES, TOPICS } from './rules.ts'

/** The problems that count, with those of the waivers themselves, and the waived problems. */
interface WaiverResult {
  readonly problems: readonly Problem[]
  readonly waived: readonly WaivedProblem[]
}

/**
 * Removes the problems that their pages waive on a day. A waiver that waives nothing is a problem, unless `isJudged` says that
 * the rule was not checked.
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
    // On a page with broken structure, some problems may not be found.
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

/** A waiver that counts today. */
interface ActiveWaiver {
  /** Its number in the front matter, from 0. */
  readonly index: number
  readonly rule: Rule
  readonly reason: string
  readonly until: string
  readonly step?: string
}

/** The waivers of a page that count on a day, and the problems of the others, which waive nothing. */
function judgeWaivers(page: Page, today: string): { active: readonly ActiveWaiver[]; problems: Problem[] } {
  const active: ActiveWaiver[] = []
  const problems: Problem[] = []
  for (const [index, waiver] of page.procedure.waivers.entries()) {
    const found = RULES.flatMap(rule =>
      (rule.checkWaiver?.(waiver, { page, index, today, rules: KNOWN }) ?? []).map(violation =>
        makeProblem(rule, page.path, violation),
      ),
    )
    problems.push(...found)
    const { reason, until, step } = waiver
    const rule = RULES.find(({ id }) => id === waiver.rule)
    if (found.length === 0 && rule && reason !== undefined && until !== undefined)
      active.push({ index, rule, reason, until, ...(step === undefined ? {} : { step }) })
  }
  return { active, problems }
}

const NEVER = new Map(TOPICS.flatMap(({ rules, never }) => rules.map(({ id }) => [id, never] as const)))
const KNOWN = new Map(
  RULES.map(({ id }) => {
    const never = NEVER.get(id)
    return [id, never === undefined ? {} : { never }] as const
  }),
)
