import type { HandbookFile } from '../../environments/index.ts'
import { type Rule, type Violation, violation } from '../rule.ts'
import { readPlaces } from './environment-values.ts'

const FILE = 'handbook.yaml'

/** Pages rely on every fact that the handbook declares: a page that uses a missing one does not run. A lab states its own. */
export const environmentFacts: Rule = {
  id: 'environment-facts',
  severity: 'error',
  summary: 'An environment states every fact of the target that the handbook declares',
  hint: 'Add it to target of the environment in handbook.yaml',
  async checkHandbook(_, { handbook: { file }, readText }) {
    return findMissingFacts(file, (await readText(FILE)) ?? '').map(found => ({ file: FILE, ...found }))
  },
}

/** Pages may rely on the secrets that the handbook declares; a lab brings its own. */
export const environmentSecrets: Rule = {
  id: 'environment-secrets',
  severity: 'error',
  summary: 'An environment names every secret that the handbook declares, for the same steps',
  hint: 'Add it to secrets of the environment in handbook.yaml',
  async checkHandbook(_, { handbook: { file }, readText }) {
    return findMissingSecrets(file, (await readText(FILE)) ?? '').map(found => ({ file: FILE, ...found }))
  },
}

/** The environments in the text of a `handbook.yaml` that do not state every fact. */
export function findMissingFacts(file: HandbookFile, text: string): Violation[] {
  const placeOf = readPlaces(text)
  return Object.entries(file.environments).flatMap(([name, { lab, target }]) => {
    const missing = lab ? [] : Object.keys(file.target).filter(fact => !Object.hasOwn(target, fact))
    if (missing.length === 0) return []
    const message = `The environment ${name} does not state ${missing.join(', ')}: pages that use it do not run there`
    const hint = `Add it to its target: ${missing.map(fact => `${fact}: …`).join(', ')}`
    return [violation(placeOf(['environments', name]), message, { hint })]
  })
}

/** The environments in the text of a `handbook.yaml` that do not name every secret. */
export function findMissingSecrets(file: HandbookFile, text: string): Violation[] {
  const placeOf = readPlaces(text)
  return Object.entries(file.environments).flatMap(([name, environment]) => {
    if (environment.lab) return []
    return Object.entries(file.secrets).flatMap(([secret, { for: meant }]) => {
      const source = environment.secrets[secret]
      if (source?.for === meant) return []
      const message = source
        ? `${name} gives the secret ${secret} to ${describe(source.for)}, and pages expect it in ${describe(meant)}`
        : `The environment ${name} does not name the secret ${secret}`
      const hint = source ? `Write for: ${meant}` : `Add it to secrets: ${secret}: { file: …, for: ${meant} }`
      return [violation(placeOf(['environments', name]), message, { hint })]
    })
  })
}

function describe(steps: 'read' | 'change'): string {
  return steps === 'read' ? 'every step' : 'steps that change something only'
}
