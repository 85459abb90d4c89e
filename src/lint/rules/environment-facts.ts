import { readEnvironmentPlaces } from '../environment-places.ts'
import { type Rule, violation } from '../rule.ts'

const FILE = 'handbook.yaml'

/** Pages rely on every fact that the handbook declares: no page runs where one is missing. A lab states its own. */
export const environmentFacts: Rule = {
  id: 'environment-facts',
  severity: 'error',
  summary: 'An environment states every fact of the target that the handbook declares',
  hint: 'Add it to target of the environment in handbook.yaml',
  async checkHandbook(_, { handbook: { file }, readText }) {
    const placeOf = readEnvironmentPlaces((await readText(FILE)) ?? '')
    return Object.entries(file.environments).flatMap(([name, { lab, target }]) => {
      const missing = lab ? [] : Object.keys(file.target).filter(fact => !Object.hasOwn(target, fact))
      if (missing.length === 0) return []
      const message = `The environment ${name} does not state ${missing.join(', ')}: no page runs there`
      return [{ file: FILE, ...violation(placeOf(name), message) }]
    })
  },
}
