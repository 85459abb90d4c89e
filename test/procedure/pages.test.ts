import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Procedure, parseProcedure } from '../../src/procedure/index.ts'

const FOLDER = join(import.meta.dirname, 'pages')

/** Each folder holds a page and what the parser makes of it; `UPDATE_PAGES=1` writes what it makes of it now, to be read and judged. */
it.each(readdirSync(FOLDER))('%s', name => {
  const file = existsSync(join(FOLDER, name, 'input.mdx')) ? 'input.mdx' : 'input.md'
  const text = readFileSync(join(FOLDER, name, file), 'utf8')
  const procedure = summarize(parseProcedure(text, file))
  const expected = join(FOLDER, name, 'expected.json')
  if (process.env.UPDATE_PAGES) writeFileSync(expected, `${JSON.stringify(procedure, undefined, 2)}\n`)
  expect(procedure).toEqual(JSON.parse(readFileSync(expected, 'utf8')))
})

/** What an author wrote, without what follows from it and without what was left at its default. */
function summarize({ hash, path, id, headings, problems, phases, sections, ...rest }: Procedure): unknown {
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => !['[]', '{}'].includes(JSON.stringify(value)))),
    sections: sections.map(({ title, line, empty }) => `${line} ${title}${empty ? ' (empty)' : ''}`),
    steps: phases.flatMap(phase =>
      phase.steps.map(({ line, column, block, phase: _, ...step }) => ({
        place: `${line}:${column}`,
        phase: phase.name,
        ...Object.fromEntries(Object.entries(step).filter(([key, value]) => JSON.stringify(value) !== DEFAULTS[key])),
        block: {
          fence: `${block.fence.line}:${block.fence.column}`,
          language: block.language,
          ...(block.file === undefined ? {} : { file: block.file }),
          code: block.lines.map(({ line, column }, index) => `${line}:${column} ${block.code.split('\n')[index]}`),
        },
      })),
    ),
    problems: problems.map(({ line, column, rule, message, expected, found }) => ({
      place: `${line}:${column}`,
      rule,
      message,
      ...(expected === undefined ? {} : { expected }),
      ...(found === undefined ? {} : { found }),
    })),
  }
}

const DEFAULTS: Readonly<Record<string, string>> = {
  timeout: '300000',
  retries: '0',
  every: '2000',
  temporary: 'false',
  items: '[]',
  breaks: '[]',
}
