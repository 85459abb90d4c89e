import fc from 'fast-check'
import { goodStep, LAST_SEED, MATTER_SEEDS, PROSE_SEEDS, type Seed, STEP_SEEDS } from './seeds.ts'

/** A generated page, with the defects planted in it; without any, nothing is expected but that it is read. */
export interface SeededPage {
  readonly text: string
  /** Rule and line, counted from 1. */
  readonly planted: readonly { readonly rule: string; readonly line: number }[]
}

const scrap = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '```bash',
    '~~~',
    '````',
    '> ',
    '- ',
    '12) ',
    '\t',
    '    ',
    '---',
    '===',
    '# ',
    '## Diagnose',
    '### A',
  ),
  fc.constantFrom(
    '<div>',
    '</div>',
    '<!--',
    '-->',
    '<?',
    '<![CDATA[',
    '|',
    '-|-',
    '[a]: b',
    '[a](',
    '![',
    '](x.md#y)',
    '[^1]:',
  ),
  fc.constantFrom('*', '**', '_', '~', '`', '``', '\\', '&amp;', 'http://', '{', '}', '\uD800', '\uFEFF', '\0', 'TODO'),
  fc.constantFrom('title: *a', 'params: {', 'alerts: [A]', '"', "'", '${', '$(', '<<EOF'),
)
const scraps = fc.array(
  fc.array(scrap, { maxLength: 6 }).map(words => words.join('')),
  { maxLength: 40 },
)
const many = fc.tuple(scrap, fc.integer({ min: 100, max: 30_000 }), fc.constantFrom('', ' ', '\n', '\n\n'))
const ends = fc.constantFrom('\n', '\r\n', '\r')

/** Anything: random Markdown, broken front matter and Unicode, huge lines, deep nesting. */
const random: fc.Arbitrary<SeededPage> = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: scraps.map(lines => lines.join('\n')) },
      { weight: 1, arbitrary: many.map(([word, count, between]) => `# A\n\n${`${word}${between}`.repeat(count)}`) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom('> ', '- ', '  1. '), fc.nat(3_000)).map(([a, n]) => a.repeat(n)),
      },
    ),
    fc.boolean(),
    ends,
  )
  .map(([text, opened, end]) => ({ text: `${opened ? '---\n' : ''}${text}`.replaceAll('\n', end), planted: [] }))

/** Prose in which nothing is wrong. */
const prose = fc.oneof(
  fc.lorem().map(words => [words]),
  fc
    .string({ unit: fc.constantFrom('ä', '🌍', '日', 'x', ' ', 'é'), minLength: 1, maxLength: 3_000 })
    .map(text => [`x${text}`]),
  fc.nat(30).map(depth => [`${'> '.repeat(depth)}quoted`]),
  fc.nat(30).map(rows => ['a | b', '- | -', ...Array.from({ length: rows }, (_, row) => `${row} | \`x\``)]),
  fc.constantFrom(
    ['<div>', 'html', '</div>'],
    ['- a', '  - b', '', '    c'],
    ['~~~text', '```bash', '~~~'],
    ['Title', '-----'],
  ),
)

const seeded: fc.Arbitrary<SeededPage> = fc
  .record({
    matter: fc.option(fc.constantFrom(...MATTER_SEEDS), { freq: 5 }),
    above: fc.array(fc.oneof(prose, fc.constantFrom(...PROSE_SEEDS)), { maxLength: 6 }),
    below: fc.array(fc.option(fc.constantFrom(...STEP_SEEDS)), { minLength: 1, maxLength: 5 }),
    last: fc.boolean(),
    end: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ matter, above, below, last, end }) => {
    const lines: string[] = []
    const planted: { rule: string; line: number }[] = []
    const plant = (seed: Seed) => {
      planted.push({ rule: seed.rule, line: lines.length + seed.at + 1 })
      lines.push(...seed.lines)
    }
    const front = matter ?? { rule: '', lines: ['title: A page'], at: 0 }
    lines.push('---')
    if (matter) plant(front)
    else lines.push(...front.lines)
    lines.push('---', '', '# A page', '')
    for (const [index, part] of above.entries()) {
      if (typeof part === 'function') plant(part(`above-${index}`))
      else lines.push(...part, '')
    }
    lines.push('## Procedure', '', ...goodStep('First'))
    for (const [index, part] of below.entries()) {
      if (part) plant(part(`below-${index}`))
      else lines.push(...goodStep(`Below ${index}`))
    }
    if (last) plant(LAST_SEED)
    // With front matter that cannot be read, nobody knows which variables there are.
    const unknown = matter?.rule === 'front-matter' ? 'bash-variable' : ''
    return { text: lines.join(end), planted: planted.filter(({ rule }) => rule !== unknown) }
  })

/** Pages, the same ones for the same seed: two of three with defects, the others anything. */
export function samplePages(count: number, seed: number): SeededPage[] {
  return fc.sample(fc.oneof({ weight: 2, arbitrary: seeded }, { weight: 1, arbitrary: random }), {
    numRuns: count,
    seed,
  })
}
