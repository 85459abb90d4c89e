/** A defect as it is planted: lines of a page, the rule that must report it, and the index of the line at which it does. */
export interface Seed {
  readonly rule: string
  readonly lines: readonly string[]
  readonly at: number
}

/** Defects of steps; `name` makes headings and ids of their own. */
export const STEP_SEEDS: readonly ((name: string) => Seed)[] = [
  name => step('bash-syntax', name, 'bash', ['echo one', 'if true; then', '  echo two', 'done'], 3),
  name => step('bash-variable', name, 'bash', ['echo one', 'echo "$NOBODY_GAVE_THIS"'], 1),
  name => step('hb-verb', name, 'bash', ['hb shout loudly'], 0),
  name => step('suggests-a-step', name, 'bash', ['hb suggest nowhere "because"'], 0),
  name => step('known-service', name, 'bash', ['hb service nowhere status'], 0),
  name => step('types', name, 'ts', ['const one = 1', 'const two: string = one', 'return { two }'], 1),
  name => step('types', name, 'ts', ['return steps.nowhere'], 0),
  name => step('known-meta', name, 'bash colour=red', ['true'], -1),
  name => step('known-meta', name, 'bash timeout=soon', ['true'], -1),
  name => step('known-meta', name, 'bash leaves=""', ['true'], -1),
  name => step('undoes-a-step', name, 'bash undoes=nowhere', ['true'], -1),
  name => step('known-language', name, 'python', ['pass'], -1),
  name => ({ rule: 'step-has-block', lines: [`### ${name}`, '', 'Words.', ''], at: 0 }),
  name => ({ rule: 'one-block-each', lines: [...goodStep(name), '```ts', 'return 1', '```', ''], at: 6 }),
  name => ({
    rule: 'unique-ids',
    lines: [...goodStep(`${name} <!-- #${name} -->`), ...goodStep(`${name} again <!-- #${name} -->`)],
    at: 6,
  }),
  name => ({
    rule: 'fence-in-html',
    lines: [...goodStep(name), '<div>', '```bash', 'true', '```', '</div>', ''],
    at: 7,
  }),
  name => ({
    rule: 'one-phase-each',
    lines: [...goodStep(name), '## Procedure', '', ...goodStep(`${name} more`)],
    at: 6,
  }),
]

/** Defects of prose above the steps. */
export const PROSE_SEEDS: readonly ((name: string) => Seed)[] = [
  name => ({ rule: 'fence-outside-step', lines: ['~~~bash', `echo ${name}`, '~~~', ''], at: 0 }),
  name => ({ rule: 'link-resolves', lines: [`See [it](./${name}.md).`, ''], at: 0 }),
  name => ({ rule: 'anchor-resolves', lines: ['Words,', `and [it](#no-${name}).`, ''], at: 1 }),
  name => ({ rule: 'image-exists', lines: [`![it](./${name}.png)`, ''], at: 0 }),
  name => ({ rule: 'finished-prose', lines: [`The ${name} is`, 'TODO', ''], at: 1 }),
  name => ({ rule: 'near-miss-heading', lines: ['## Procedur', '', name, ''], at: 0 }),
]

/** Defects of front matter, as lines of it. */
export const MATTER_SEEDS: readonly Seed[] = [
  { rule: 'front-matter', lines: ['reviewed: yesterday'], at: 0 },
  { rule: 'front-matter', lines: ['title: "open', 'owner: me'], at: 1 },
  { rule: 'front-matter-key', lines: ['title: A', 'alrets: [A]'], at: 1 },
]

/** What can only stand at the end. */
export const LAST_SEED: Seed = { rule: 'closed-fence', lines: ['### The last', '', '```bash', 'true'], at: 2 }

/** A step without a defect. */
export function goodStep(name: string): string[] {
  return [`### ${name}`, '', '```bash', 'true', '```', '']
}

function step(rule: string, name: string, opening: string, code: readonly string[], at: number): Seed {
  return { rule, lines: [`### ${name}`, '', `\`\`\`${opening}`, ...code, '```', ''], at: 3 + at }
}
