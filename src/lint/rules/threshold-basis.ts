import type { AlertRule } from '../../alerts/index.ts'
import type { AlertFacts } from '../facts.ts'
import { type FileViolation, type Rule, violation } from '../rule.ts'

/** A threshold that nobody can explain is changed until it is silent. */
export const thresholdBasis: Rule = {
  id: 'threshold-basis',
  severity: 'warning',
  summary: 'An alert says what its threshold rests on; an error where handbook.yaml has thresholdBasis: required',
  hint: 'Add the annotation basis: "objective: …", "lead time: …" of who repairs it, "measured: …", or "chosen: …" where nothing was measured',
  checkAlerts({ rules, file: { thresholdBasis: asked }, every }: AlertFacts) {
    // Where no alert has a basis, nobody has begun to give one, and a warning for each alert would hide the others.
    const isPractised = rules.rules.some(rule => rule.kind === 'alert' && rule.annotations.basis !== undefined)
    if (asked === 'off' || (asked === 'advised' && !(every && isPractised))) return []
    return rules.rules.flatMap((rule): FileViolation[] => {
      const message = rule.kind === 'alert' ? judgeBasis(rule) : undefined
      if (message === undefined) return []
      return [{ file: rule.file, ...violation(rule, message, asked === 'required' ? { severity: 'error' } : {}) }]
    })
  },
}

/** What a threshold may rest on, as the annotation begins. */
const KINDS = /^\s*(?:objective|lead time|measured|chosen)\s*:\s*\S/i

function judgeBasis({ alert, annotations: { basis } }: AlertRule): string | undefined {
  if (basis === undefined || basis.trim() === '') return `${alert} does not say what its threshold rests on`
  if (KINDS.test(basis)) return undefined
  return `The basis of ${alert} does not begin with objective:, lead time:, measured: or chosen:`
}
