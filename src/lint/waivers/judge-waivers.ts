import type { Problem } from '../../base/index.ts'
import type { Page } from '../page.ts'
import { makeProblem, type Rule } from '../rule.ts'
import { RULES, TOPICS } from '../rules.ts'

/** A waiver that counts today. */
export interface ActiveWaiver {
  /** Its number in the front matter, from 0. */
  readonly index: number
  readonly rule: Rule
  readonly reason: string
  readonly until: string
  readonly step?: string
}

/** The waivers of a page that count on a day, and what is wrong with the others: those waive nothing. */
export function judgeWaivers(page: Page, today: string): { active: readonly ActiveWaiver[]; problems: Problem[] } {
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
