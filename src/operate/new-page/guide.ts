import { type Draft, quote, writeFrontMatter } from './draft.ts'

/** A guide to be written: a procedure of two steps, of which the second reads what the first gave. */
export function writeGuide({ title, owner }: Draft): string {
  const matter = writeFrontMatter([`title: ${quote(title)}`, owner && `owner: ${owner}`])
  return `${matter}

TODO: what is done when this has been followed, how long it takes, and what has to be at hand.

## Procedure

### Look at what is there <!-- #look -->

TODO: replace this example. What a step returns, later steps read.

\`\`\`ts risk=read
const free = (await $\`df --output=avail --block-size=1 /\`).stdout.split('\\n')[1]
return { free: Number(free) }
\`\`\`

### Tell what was found <!-- #tell -->

TODO: replace this example.

\`\`\`bash
echo "$STEP_LOOK_FREE bytes are free"
\`\`\`
`
}
