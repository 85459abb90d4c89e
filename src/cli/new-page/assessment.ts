import { type Draft, quote, writeFrontMatter } from './draft.ts'

/** An assessment page to be written: the area of its name, one item and one check. */
export function writeAssessment({ name, title, owner, file }: Draft): string {
  const matter = writeFrontMatter([
    `title: ${quote(title)}`,
    `area: ${name}`,
    `items: { ${name}-1: "TODO: what must be so" }`,
    owner && `owner: ${owner}`,
  ])
  return `${matter}

TODO: what this area is about, and why it matters in production.

## Checks

### The service answers <!-- #answers -->

TODO: replace this example. A check is named as a sentence that is true or false, observes the running target, and names behind
\`breaks=\` the fault that must make it fail.

\`\`\`ts item=${name}-1
const { status } = await http(${file.target.url ? 'target.url' : "'http://127.0.0.1:8080'"})
expect(status).toBe(200)
\`\`\`
`
}
