import { describeUnknown } from '../describe-unknown.ts'
import { type Rule, violation } from '../rule.ts'
import { findCalls } from '../shell/hb-calls.ts'
import { placeInBlock } from '../shell/place-in-block.ts'

/** In ts blocks TypeScript finds it. */
export const suggestsAStep: Rule = {
  id: 'suggests-a-step',
  severity: 'error',
  summary: 'What is suggested is a step of Mitigate',
  hint: 'Name a step by its id',
  checkBash({ page, step, facts }) {
    const known = page.procedure.phases
      .filter(({ name }) => name === 'mitigate')
      .flatMap(({ steps }) => steps.map(({ id }) => id))
    return findCalls(facts).flatMap(({ verb, words: [id] }) => {
      if (verb !== 'suggest' || id?.text === undefined || known.includes(id.text)) return []
      const place = placeInBlock(step.block, id.offset)
      return violation(place, `This page has no step ${id.text} in Mitigate`, describeUnknown(id.text, known))
    })
  },
}
