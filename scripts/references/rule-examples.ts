import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Stands at the end of the line at which an example has its problem; behind it the rule, when it is another one. */
export const MARK = '⟵'

/** Where the examples are, a folder a rule. */
export const EXAMPLES = 'test/lint/rules'

/** What an example of a rule is a file of, by the end of its name: where it goes in a handbook, and its language. */
const KINDS: Readonly<Record<string, { readonly place: string; readonly language: string }>> = {
  md: { place: 'runbooks/example.md', language: 'markdown' },
  'another.md': { place: 'runbooks/another.md', language: 'markdown' },
  'incident.md': { place: 'docs/incidents/example.md', language: 'markdown' },
  'guide.md': { place: 'docs/example.md', language: 'markdown' },
  mdx: { place: 'runbooks/example.mdx', language: 'mdx' },
  'handbook.yaml': { place: 'handbook.yaml', language: 'yaml' },
  'quantities.yaml': { place: 'docs/quantities.yaml', language: 'yaml' },
  'rules.yaml': { place: 'static/monitoring/example.rules.yaml', language: 'yaml' },
  fault: { place: 'src/lab/incidents/downstream-down/fault.ts', language: 'ts' },
  mutation: { place: 'src/lab/mutations/example.ts', language: 'ts' },
  sh: { place: 'scripts/procedures/greet.sh', language: 'bash' },
  proof: { place: 'static/proofs/another--storage-filling.json', language: 'json' },
}

/** An example of a rule, which the tests check and the reference shows. */
export interface RuleExample {
  /** With its marks. */
  readonly text: string
  /** Its path in a handbook. */
  readonly place: string
  readonly language: string
}

/** Reads the bad or the good example of a rule. Throws when there is none. */
export function readExample(rule: string, name: 'bad' | 'good'): RuleExample {
  const file = readdirSync(join(EXAMPLES, rule)).find(file => file.startsWith(`${name}.`)) ?? ''
  const kind = KINDS[file.slice(name.length + 1)]
  if (kind === undefined) throw new Error(`${rule} has no ${name} example`)
  return { ...kind, text: readFileSync(join(EXAMPLES, rule, file), 'utf8') }
}
