import { judgeDrills } from '../proof-content.ts'
import { type Rule, violation } from '../rule.ts'

/** No drill has proven nothing, or something that has changed since. */
export const proofCurrent: Rule = {
  id: 'proof-current',
  severity: 'warning',
  summary: 'What a page says now is what was proven',
  hint: 'Prove it again: handbook drill',
  async checkReferences(page, { readText, rules, proofs }) {
    if (!proofs) return []
    const drills = await judgeDrills(page.procedure, { readText, rules, proofs })
    return drills.flatMap(({ drill, proof }, index) => {
      if (proof.state === 'proven') return []
      const place = page.placeOf('drills', index, 'fault')
      const message =
        proof.state === 'changed'
          ? `What the drill ${drill.fault} stands on has changed since it was proven on ${proof.proof.date.slice(0, 10)}`
          : `The drill ${drill.fault} proves nothing yet: ${proof.reason}`
      return [violation(place, message, { hint: `Prove it: handbook drill ${page.procedure.id}` })]
    })
  },
  isJudged: ({ proofs }) => proofs !== undefined,
}
