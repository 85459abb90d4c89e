import { describeParts } from '../../journal/index.ts'
import { judgeDrills } from '../proof-content.ts'
import { type Rule, violation } from '../rule.ts'

/**
 * No drill has proven nothing, or something that has changed since. A warning, whichever part changed: only a lab can prove it again, and
 * a correction must not wait for one.
 */
export const proofCurrent: Rule = {
  id: 'proof-current',
  severity: 'warning',
  summary: 'A proof is of the current page, fault and service',
  hint: 'Prove it again: handbook drill. This stays a warning, because a page must be correctable where no lab can run',
  async checkReferences(page, { readText, rules, proofs, lab }) {
    if (!proofs) return []
    const drills = await judgeDrills(page.procedure, { readText, rules, proofs, lab })
    return drills.flatMap(({ drill, proof }, index) => {
      if (proof.state === 'proven') return []
      const place = page.placeOf('drills', index, 'fault')
      const message =
        proof.state === 'changed'
          ? `What the drill ${drill.fault} stands on has changed since it was proven on ${proof.proof.date.slice(0, 10)}: ${describeParts(proof.parts)}`
          : `The drill ${drill.fault} proves nothing yet: ${proof.reason}`
      return [violation(place, message, { hint: `Prove it: handbook drill ${page.procedure.id}` })]
    })
  },
  isJudged: ({ proofs }) => proofs !== undefined,
}
