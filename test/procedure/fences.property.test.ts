import { Parser } from 'commonmark'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseProcedure } from '../../src/procedure/index.ts'

/** Pieces of which fences, containers, and what hides fences are made. */
const piece = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('```bash', '~~~ts', '```', '~~~', '````bash', '````', '```ts title="x"', '~~~ bash '),
  },
  { weight: 3, arbitrary: fc.constantFrom('> ', '>', '- ', '1. ', '  ', '   ', '    ', '\t', ' ') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('## Procedure', '### A step', '#### Detail', '## Other', '# Title', '===', '---', '***'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('<div>', '</div>', '<!--', '-->', '<pre>', 'x</pre>', '<?', '?>', '<details>'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'echo hello',
      'text',
      '🌍',
      '`',
      '``',
      '\\',
      '*',
      '|',
      '&amp;',
      '\u00A0',

      '\0',
    ),
  },
)
const line = fc.array(piece, { maxLength: 4 }).map(pieces => pieces.join(''))
const newline = fc.constantFrom('\n', '\r\n', '\r')
const markdown = fc
  .tuple(fc.array(line, { maxLength: 30 }), newline, fc.boolean())
  .map(([lines, end, opened]) => [...(opened ? ['## Procedure', '', '### First', ''] : []), ...lines].join(end))
  // Thematic breaks that CommonMark sees at the beginning are front matter to us.
  .filter(text => !/^---\s/.test(text))

describe('the fences of a page', () => {
  it('are those that the CommonMark reference parser finds, and each runs or is reported', () => {
    fc.assert(
      fc.property(markdown, text => {
        const procedure = parseProcedure(text, 'page.md')
        const blocks = procedure.phases.flatMap(({ steps }) => steps.map(({ block }) => block))
        const reported = new Set(procedure.problems.map(({ line }) => line))
        const reference = readReference(text)
        const executable = reference.filter(({ language }) => language === 'ts' || language === 'bash')
        for (const block of blocks) {
          const same = executable.find(({ line }) => line === block.fence.line)
          expect(same).toEqual({ line: block.fence.line, language: block.language, code: trimBlanks(block.code) })
        }
        if (procedure.phases.length === 0) return
        const silent = executable.filter(
          ({ line }) => !reported.has(line) && !blocks.some(({ fence }) => fence.line === line),
        )
        expect(silent).toEqual([])
      }),
      { numRuns: 1500 },
    )
  }, 240_000)

  it('stand on lines of the page that end in their code', () => {
    fc.assert(
      fc.property(markdown, text => {
        const source = text.split(/\r\n|\r|\n/)
        for (const { steps } of parseProcedure(text, 'page.md').phases) {
          for (const { block } of steps) {
            expect(source[block.fence.line - 1]?.slice(block.fence.column - 1)).toMatch(/^(?:`{3,}|~{3,})/)
            for (const [index, code] of block.code.split('\n').entries()) {
              const place = block.lines[index]
              if (!place) {
                expect(code).toBe('')
                continue
              }
              const found = source[place.line - 1]?.replaceAll('\0', '\uFFFD').slice(place.column - 1)
              // A tab that is half indentation and half code counts as its spaces.
              expect(found?.trimStart()).toBe(code.trimStart())
            }
          }
        }
      }),
      { numRuns: 500 },
    )
  }, 240_000)
})

interface ReferenceFence {
  readonly line: number
  readonly language: string
  readonly code: string
}

function readReference(text: string): ReferenceFence[] {
  const found: ReferenceFence[] = []
  const walker = new Parser().parse(text).walker()
  for (let event = walker.next(); event; event = walker.next()) {
    const { node } = event
    if (!event.entering || node.type !== 'code_block' || node.info === null) continue
    const language = /^\S*/.exec(node.info.trim())?.[0] ?? ''
    found.push({ line: node.sourcepos[0][0], language, code: trimBlanks(node.literal ?? '') })
  }
  return found
}

/** Parsers differ on the spaces of blank lines in lists, and on blank lines at the end of a fence that is never closed. */
function trimBlanks(code: string): string {
  return code.replace(/^[ \t]+$/gm, '').replace(/\n+$/, '')
}
