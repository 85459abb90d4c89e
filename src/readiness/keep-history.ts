import type { Assessment } from './assessment.ts'
import { describeScore } from './score.ts'

/** An assessment with what was kept before it: the one before, and what that one had kept. */
export function keepHistory(assessment: Assessment, before: Assessment | undefined): Assessment {
  if (!before) return assessment
  const { date, commit, environment, profile, score, items, history = [] } = before
  const says = describeScore(score, items)
  const last = { date, commit, environment, ...(profile === undefined ? {} : { profile }), says }
  return { ...assessment, history: [last, ...history] }
}
