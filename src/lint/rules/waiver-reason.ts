import { type Rule, violation } from '../rule.ts'

/** The next reader knows why. */
export const waiverReason: Rule = {
  id: 'waiver-reason',
  severity: 'error',
  summary: 'A waiver says why',
  hint: 'Add reason: with what the next reader must know',
  checkWaiver: ({ rule, reason = '' }, { page, index }) =>
    reason.trim() === '' ? [violation(page.placeOf('waivers', index), `Nobody says why ${rule} is waived`)] : [],
}
