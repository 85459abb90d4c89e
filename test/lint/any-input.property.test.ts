import fc from 'fast-check'
import { expect, it } from 'vitest'
import { handbookFileSchema } from '../../src/environments/index.ts'
import { lintHandbook } from '../../src/lint/index.ts'

const word = fc.oneof(
  fc.constantFrom(
    '## Procedure',
    '## Diagnose',
    '## Mitigate',
    '### A step',
    '### B <!-- #b -->',
    '## Rollback',
    '# T',
  ),
  fc.constantFrom('```bash', '```ts', '```', '~~~', '```ts undoes=b temporary risk=', '> ', '- ', '1. ', '\t', '    '),
  fc.constantFrom(
    '---',
    'alerts: [A]',
    'params: { a: { type: enum } }',
    'drills:',
    '  - { fault: x }',
    'title: *x',
    '&a',
  ),
  fc.constantFrom(
    '$(',
    '${',
    '"',
    "'",
    '`',
    '<<EOF',
    'EOF',
    '((',
    'case x in',
    'hb suggest',
    '$STEP_A_B',
    '$a',
    'if',
    '\\',
  ),
  fc.constantFrom(
    'const a = {',
    '}',
    'steps.b.c',
    'import x from "y"',
    'import {',
    'return',
    '/*',
    'suggest("b", 1)',
    '=>',
  ),
  fc.constantFrom('[a](./b.md#c)', '![](x)', '[a]: b', '<div>', '</div>', '<!--', '-->', '{/*', '|', '[^1]:', 'TODO'),
  fc.string({ unit: 'binary', maxLength: 5 }),
)
const text = fc
  .array(
    fc.array(word, { maxLength: 4 }).map(words => words.join(' ')),
    { maxLength: 25 },
  )
  .chain(lines =>
    fc
      .record({ end: fc.constantFrom('\n', '\r\n', '\r'), language: fc.constantFrom(undefined, 'ts', 'bash') })
      .map(({ end, language }) => wrap(lines, language).join(end)),
  )

/** Half of the pages are a step whose block is that text, whatever stands in it. */
function wrap(lines: readonly string[], language: string | undefined): readonly string[] {
  if (language === undefined) return lines
  return ['## Diagnose', '', '### Look', '', `\`\`\`\`\`\`${language}`, ...lines, '``````']
}

it('no input brings a check down, and every problem lies within its page', async () => {
  const pages = fc
    .sample(text, 600)
    .map((text, index) => [`runbooks/${index}.${index % 5 ? 'md' : 'mdx'}`, text] as const)
  // Among so many there may be none that bash can read.
  const readable = wrap(['hb suggest b', 'echo $a'], 'bash').join('\n')
  const texts = new Map<string, string>([...pages, ['runbooks/readable.md', readable]])
  const { problems, procedures } = await lintHandbook({
    handbook: {
      root: import.meta.dirname,
      file: handbookFileSchema.parse({ url: 'https://handbook.example', rules: ['x'] }),
      pages: [...texts.keys()],
    },
    readText: async path => texts.get(path),
    rules: { rules: [], problems: [] },
    faults: [],
    proofs: [],
    today: '2026-11-22',
  })
  expect(procedures).toHaveLength(601)
  const rules = problems.map(({ rule }) => rule)
  for (const rule of ['types', 'bash-syntax', 'bash-variable']) expect(rules).toContain(rule)
  const outside = problems.filter(({ file, line, column }) => {
    const source = texts.get(file)?.split(/\r\n|\r|\n/)
    return (
      source && !(line >= 1 && line <= source.length && column >= 1 && column <= (source[line - 1]?.length ?? 0) + 1)
    )
  })
  expect(outside.map(problem => ({ ...problem, text: texts.get(problem.file) }))).toEqual([])
  expect(problems.filter(({ file }) => !texts.has(file))).toEqual([])
}, 240_000)
