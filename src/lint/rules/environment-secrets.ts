import { readEnvironmentPlaces } from '../environment-places.ts'
import { type Rule, violation } from '../rule.ts'

const FILE = 'handbook.yaml'

/** Pages may rely on the secrets that the handbook declares; a lab brings its own. */
export const environmentSecrets: Rule = {
  id: 'environment-secrets',
  severity: 'error',
  summary: 'An environment names every secret that the handbook declares, for the same steps',
  hint: 'Add it to secrets of the environment in handbook.yaml',
  async checkHandbook(_, { handbook: { file }, readText }) {
    const placeOf = readEnvironmentPlaces((await readText(FILE)) ?? '')
    return Object.entries(file.environments).flatMap(([name, environment]) => {
      if (environment.lab) return []
      return Object.entries(file.secrets).flatMap(([secret, { for: meant }]) => {
        const source = environment.secrets[secret]
        if (source?.for === meant) return []
        const message = source
          ? `${name} gives the secret ${secret} to ${describe(source.for)}, and pages expect it in ${describe(meant)}`
          : `The environment ${name} does not name the secret ${secret}`
        const hint = source ? `Write for: ${meant}` : `Add it to secrets: ${secret}: { file: …, for: ${meant} }`
        return [{ file: FILE, ...violation(placeOf(name), message, { hint }) }]
      })
    })
  },
}

function describe(steps: 'read' | 'change'): string {
  return steps === 'read' ? 'every step' : 'steps that change something only'
}
