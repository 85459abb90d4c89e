import { describeParts, nameFaults } from '../../journal/index.ts'
import { judgeDrills, provenUntil } from '../proof-hash.ts'
import { type Rule, type RuleText, violation } from '../rule.ts'

/**
 * Every drill has a proof, and nothing that the proof depends on has changed since. It is a warning, because only a lab can prove it again,
 * and a correction must not wait for a lab.
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
          ? `What the drill ${nameFaults(drill)} stands on has changed since it was proven on ${proof.proof.date.slice(0, 10)}: ${describeParts(proof.parts)}`
          : `The drill ${nameFaults(drill)} proves nothing yet: ${proof.reason}`
      return [violation(place, message, { hint: `Prove it: handbook drill ${page.procedure.id}` })]
    })
  },
  isJudged: ({ proofs }) => proofs !== undefined,
}

/** What took part in a drill changes, even where nothing of ours does: kernels, databases, clocks. */
export const drilledLately: Rule = {
  id: 'drilled-lately',
  severity: 'warning',
  summary: 'A drill was proven lately enough',
  hint: 'Prove it again: handbook drill',
  async checkReferences(page, { readText, rules, proofs, lab, handbook: { file }, today }) {
    if (!proofs) return []
    const drills = await judgeDrills(page.procedure, { readText, rules, proofs, lab })
    return drills.flatMap(({ drill, proof }, index) => {
      if (proof.state !== 'proven') return []
      const until = provenUntil(proof.proof, file)
      if (until === undefined || today <= until) return []
      const date = proof.proof.date.slice(0, 10)
      const message = `The proof of the drill ${nameFaults(drill)}, of ${date}, ran out on ${until}`
      return [
        violation(page.placeOf('drills', index, 'fault'), message, {
          expected: `at most ${file.drillEvery} old`,
          found: date,
          hint: `Prove it again: handbook drill ${page.procedure.id}`,
        }),
      ]
    })
  },
  isJudged: ({ proofs }) => proofs !== undefined,
}

/** So many steps of a handbook may be waived: what cannot be brought about in a lab is rare. */
const MOST_WAIVED = 2

/**
 * A step that nobody ever took is taken for the first time in an incident. A page is judged once all its drills are proven, so that a
 * correction does not wait for a lab.
 */
export const stepDrilled: Rule = {
  id: 'step-drilled',
  severity: 'error',
  summary:
    'Each step of Mitigate and Roll back was taken by a drill that is proven; at most two of a handbook are waived',
  hint: 'Add a drill with a fault that needs the step; a step of Roll back is named under walk:',
  async checkReferences({ procedure }, { readText, rules, proofs, lab }) {
    if (!proofs || procedure.drills.length === 0) return []
    const drills = await judgeDrills(procedure, { readText, rules, proofs, lab })
    // What is not proven is said elsewhere.
    if (drills.some(({ proof }) => proof.state !== 'proven')) return []
    const taken = new Set(drills.flatMap(({ proof }) => proof.proof?.steps.run ?? []))
    return procedure.phases
      .filter(({ name }) => name === 'mitigate' || name === 'roll-back')
      .flatMap(({ steps }) => steps.filter(({ id }) => !taken.has(id)))
      .map(({ id, line, column }) => violation({ line, column }, `No drill of this page has taken ${id}`))
  },
  checkHandbook: pages =>
    pages
      .flatMap(page =>
        page.procedure.waivers.flatMap(({ rule }, index) => (rule === 'step-drilled' ? [{ page, index }] : [])),
      )
      .slice(MOST_WAIVED)
      .map(({ page, index }) => ({
        file: page.path,
        ...violation(page.placeOf('waivers', index), `${MOST_WAIVED} steps of this handbook are waived already`),
      })),
  isJudged: ({ proofs }) => proofs !== undefined,
}

/** Checked by `handbook prove --inputs`, in src/prove/inputs. */
export const falseWord: Rule = {
  id: 'false-word',
  severity: 'error',
  summary: 'A step says nothing that it could not see',
  hint: 'Demand the answer before you judge by it; what was not answered is unknown',
  isJudged: () => false,
}

/** Checked in src/handbook, which reads the proofs. */
export const proofFile: RuleText = {
  id: 'proof-file',
  severity: 'error',
  summary: 'A proof has the shape that drills write',
  hint: 'Delete it, and prove the page again: handbook drill',
}

/** Every file that a proof may depend on can be read. A missing file does not count as an empty one. */
export const proofSources: Rule = {
  id: 'proof-sources',
  severity: 'error',
  summary: 'The sources that a proof depends on can be read',
  hint: 'Restore the file, or correct the import: until then no proof can depend on it',
  checkHandbook: (_, { lab }) =>
    (lab?.problems ?? []).map(({ file, line, column, message }) => ({ file, ...violation({ line, column }, message) })),
}
