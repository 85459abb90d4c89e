import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Problem } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import { makeProblem } from '../rules.ts'

const FILE = 'handbook.yaml'

/** Demands that every environment names the secrets that pages may rely on; a lab brings its own. */
export function checkEnvironments({ secrets, environments }: HandbookFile, text: string): Problem[] {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter })
  return Object.entries(environments).flatMap(([name, environment]) => {
    if (environment.lab) return []
    return Object.entries(secrets).flatMap(([secret, { for: meant }]) => {
      const source = environment.secrets[secret]
      if (source?.for === meant) return []
      const message = source
        ? `${name} gives the secret ${secret} to ${describe(source.for)}, and pages expect it in ${describe(meant)}`
        : `The environment ${name} does not name the secret ${secret}`
      const hint = source ? `Write for: ${meant}` : `Add it to secrets: ${secret}: { file: …, for: ${meant} }`
      return [makeProblem('environment-secrets', FILE, placeOf(name), message, { hint })]
    })
  })

  function placeOf(name: string): { readonly line: number; readonly column: number } {
    const map = document.getIn(['environments'], true)
    const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === name) : undefined
    const { line, col } = counter.linePos((isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? 0)
    return { line, column: col }
  }
}

function describe(steps: 'read' | 'change'): string {
  return steps === 'read' ? 'every step' : 'steps that change something only'
}
