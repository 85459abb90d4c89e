import type { Problem } from '../../base/index.ts'
import { describeParts, type LabContent, type Proof } from '../../journal/index.ts'
import type { Page } from '../page.ts'
import { type ContentFacts, judgeDrills } from '../proof-content.ts'
import { makeProblem } from '../rules.ts'

/** Warns of drills that have proven nothing, or something that has changed since. */
export async function checkProofs(
  page: Page,
  facts: ContentFacts & { readonly proofs: readonly Proof[] },
): Promise<Problem[]> {
  const drills = await judgeDrills(page.procedure, facts)
  return drills.flatMap(({ drill, proof }, index) => {
    if (proof.state === 'proven') return []
    const place = page.placeOf('drills', index, 'fault')
    const message =
      proof.state === 'changed'
        ? `What the drill ${drill.fault} stands on has changed since it was proven on ${proof.proof.date.slice(0, 10)}: ${describeParts(proof.parts)}`
        : `The drill ${drill.fault} proves nothing yet: ${proof.reason}`
    return [page.problem('proof-current', place, message, { hint: `Prove it: handbook drill ${page.procedure.id}` })]
  })
}

/** Demands that whatever a proof may stand on can be read: what is missing is no empty text. */
export function checkProofSources(problems: LabContent['problems']): Problem[] {
  return problems.map(({ file, line, column, message }) =>
    makeProblem('proof-sources', file, { line, column }, message),
  )
}
