import type { RuleFile } from '../../alerts/index.ts'
import type { Problem } from '../../base/index.ts'
import type { Proof } from '../../journal/index.ts'
import type { Page } from '../page.ts'
import { judgeDrills } from '../proof-content.ts'
import type { ReadText } from '../read-text.ts'

/** Warns of drills that have proven nothing, or something that has changed since. */
export async function checkProofs(
  page: Page,
  facts: { readonly readText: ReadText; readonly rules: RuleFile; readonly proofs: readonly Proof[] },
): Promise<Problem[]> {
  const drills = await judgeDrills(page.procedure, facts)
  return drills.flatMap(({ drill, proof }, index) => {
    if (proof.state === 'proven') return []
    const place = page.placeOf('drills', index, 'fault')
    const message =
      proof.state === 'changed'
        ? `What the drill ${drill.fault} stands on has changed since it was proven on ${proof.proof.date.slice(0, 10)}`
        : `The drill ${drill.fault} proves nothing yet: ${proof.reason}`
    return [page.problem('proof-current', place, message, { hint: `Prove it: handbook drill ${page.procedure.id}` })]
  })
}
