import type { Area } from '../../readiness/index.ts'
import { UsageError } from '../errors.ts'
import { guess } from '../guess.ts'
import { type Draft, quote, writeFrontMatter } from './draft.ts'

/**
 * An assessment page to be written: the items of the area of its name, and one check. Throws a `UsageError` when the
 * catalogue has no such area.
 */
export function writeAssessment({ name, title, owner, file, areas }: Draft): string {
  const items = areas ? findArea(name, areas).items : [{ id: `${name}-1`, title: 'TODO: what must be so' }]
  const matter = writeFrontMatter([
    `title: ${quote(title)}`,
    `area: ${name}`,
    'items:',
    ...items.map(item => `  ${item.id}: ${quote(item.title)}`),
    owner && `owner: ${owner}`,
  ])
  return `${matter}

TODO: what this area is about, and why it matters in production.

## Checks

### The service answers <!-- #answers -->

TODO: replace this example. A check is named as a sentence that is true or false, observes the running target, and names behind
\`breaks=\` the fault that must make it fail.

\`\`\`ts item=${items[0]?.id ?? 'ID'}
const { status } = await http(${file.target.url ? 'target.url' : "'http://127.0.0.1:8080'"})
expect(status).toBe(200)
\`\`\`
`
}

function findArea(name: string, areas: readonly Area[]): Area {
  const area = areas.find(({ id }) => id === name)
  if (area) return area
  const known = areas.map(({ id }) => id)
  throw new UsageError(`The readiness assessment has no area ${name}`, guess(name, known))
}
