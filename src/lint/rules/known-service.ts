import { describeUnknown } from '../describe-unknown.ts'
import { type Rule, violation } from '../rule.ts'
import { findCalls } from '../shell/hb-calls.ts'
import { placeInBlock } from '../shell/place-in-block.ts'

/** In ts blocks TypeScript finds it. */
export const knownService: Rule = {
  id: 'known-service',
  severity: 'error',
  summary: 'A service is declared in handbook.yaml',
  hint: 'Add it to services in handbook.yaml',
  checkBash: ({ step, facts, file: { services } }) =>
    findCalls(facts).flatMap(({ verb, words: [name] }) => {
      if (verb !== 'service' || name?.text === undefined || services.includes(name.text)) return []
      const place = placeInBlock(step.block, name.offset)
      return violation(place, `handbook.yaml declares no service ${name.text}`, describeUnknown(name.text, services))
    }),
}
