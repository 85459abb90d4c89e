import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/base/index.ts'
import { formatProblemsJson, formatProblemsText } from '../../src/report/index.ts'

const PAGE = `# Example

const out = await run()
echo(\`\${pecrent} %\`) // 🌍
done
`
const PROBLEM: Problem = {
  file: 'runbooks/example.md',
  line: 4,
  column: 9,
  rule: 'types',
  severity: 'error',
  message: "Cannot find name 'pecrent' (TS2552)",
  hint: 'Did you mean percent?',
}

function format(problems: readonly Problem[], text: string | undefined = PAGE, color = false): string {
  return formatProblemsText(problems, { readText: () => text, pages: 3, waived: 0, color })
}

describe('problems as text', () => {
  it('shows the place, the rule, the lines around it and the hint', () => {
    expect(format([PROBLEM])).toBe(`runbooks/example.md:4:9 error types
  Cannot find name 'pecrent' (TS2552)
    3 │ const out = await run()
  > 4 │ echo(\`\${pecrent} %\`) // 🌍
      │         ^
    5 │ done
  hint     Did you mean percent?

✗ 1 error in 3 pages
More: handbook check --explain types
`)
  })

  it('tells warnings from errors, and says when nothing is wrong', () => {
    const warning: Problem = { ...PROBLEM, severity: 'warning' }
    expect(format([warning])).toContain('! 1 warning in 3 pages')
    expect(format([PROBLEM, PROBLEM, warning, warning])).toContain('✗ 2 errors and 2 warnings in 3 pages')
    expect(format([])).toBe('✓ 3 pages, nothing wrong\n')
  })

  it('says where more is told of the rules', () => {
    expect(format([PROBLEM, { ...PROBLEM, rule: 'has-drill' }])).toMatch(/\nMore: handbook check --explain RULE\n$/)
  })

  it('counts what is waived', () => {
    const options = { readText: () => undefined, pages: 3, waived: 2, color: false }
    expect(formatProblemsText([], options)).toBe('✓ 3 pages, nothing wrong, 2 waived\n')
    expect(formatProblemsText([PROBLEM], options)).toContain('✗ 1 error in 3 pages, 2 waived\n')
  })

  it('explains the same three times, and then says where else it is', () => {
    const many = Array.from({ length: 6 }, (_, at) => ({ ...PROBLEM, file: `runbooks/${at}.md` }))
    const lines = format([...many, { ...PROBLEM, message: 'Another' }]).split('\n')
    const places = lines.filter(line => line.startsWith('runbooks/'))
    expect(places.map(line => line.split(':')[0])).toEqual([...many.map(({ file }) => file), PROBLEM.file])
    expect(lines.filter(line => line.includes('Cannot find name'))).toHaveLength(3)
    expect(lines.slice(lines.indexOf('runbooks/3.md:4:9 error types')).slice(0, 5)).toEqual([
      'runbooks/3.md:4:9 error types',
      'runbooks/4.md:4:9 error types',
      'runbooks/5.md:4:9 error types',
      'runbooks/example.md:4:9 error types',
      '  Another',
    ])
    expect(format(many)).toMatch(/\nrunbooks\/5.md:4:9 error types\n\n✗ 6 errors/)
  })

  it('explains a warning three times, and says of others of its rule only what is the matter', () => {
    const stale = (drill: string): Problem => ({
      ...PROBLEM,
      severity: 'warning',
      message: `The drill ${drill} is old`,
    })
    const [, , , last = ''] = format(['a', 'b', 'c', 'd'].map(stale)).split(/(?=^runbooks)/m)
    expect(last.split('\n\n')[0]).toBe('runbooks/example.md:4:9 warning types\n  The drill d is old')
    // An error is explained each time.
    const errors = ['a', 'b', 'c', 'd'].map(drill => ({ ...stale(drill), severity: 'error' as const }))
    expect(format(errors).split(/(?=^runbooks)/m)[3]).toContain('hint')
  })

  it('stays within 80 columns', () => {
    const long: Problem = {
      ...PROBLEM,
      column: 299,
      message: 'word '.repeat(40).trim(),
      expected: 'one of '.concat(Array.from({ length: 30 }, (_, index) => `step-${index}`).join(', ')),
      found: 'nothing',
    }
    const text = PAGE.replace('echo', `${'x'.repeat(295)}echo${'🌍'.repeat(60)}`)
    const shown = format([long], text)
    for (const line of shown.split('\n')) expect(measure(line)).toBeLessThanOrEqual(80)
    const [, code = '', caret = ''] = /^(.*>.*)\n(.*\^)$/m.exec(shown) ?? []
    expect(code.slice(caret.length - 1)).toMatch(/^o/)
    expect(code).toContain('…')
  })

  it('puts the caret under wide characters and tabs', () => {
    const text = '\t日本🌍x\n'
    const shown = format([{ ...PROBLEM, line: 1, column: 6 }], text)
    const [, code = '', caret = ''] = /^(.*>.*)\n(.*\^)$/m.exec(shown) ?? []
    expect(measure(code.slice(0, code.indexOf('x')))).toBe(caret.length - 1)
  })

  it('does without lines that it cannot read or that are not there', () => {
    expect(
      formatProblemsText([PROBLEM], { readText: () => undefined, pages: 1, waived: 0, color: false }),
    ).not.toContain('│')
    expect(format([{ ...PROBLEM, line: 99 }])).not.toContain('│')
  })

  it('never writes control characters of the page to the terminal', () => {
    const shown = format([{ ...PROBLEM, line: 1, column: 1 }], 'a\u001B[31mb\u0007\u0000\u009B')
    expect([...shown].filter(char => (char < ' ' && char !== '\n') || (char >= '\u007F' && char <= '\u009F'))).toEqual(
      [],
    )
  })

  it('colours only when asked', () => {
    expect(format([PROBLEM])).not.toContain('\u001B')
    expect(format([PROBLEM], PAGE, true)).toContain('\u001B[31m')
  })
})

it('problems as JSON are one line of data', () => {
  expect(JSON.parse(formatProblemsJson([PROBLEM], []))).toEqual({ problems: [PROBLEM], waived: [] })
  expect(formatProblemsJson([PROBLEM], []).split('\n')).toHaveLength(2)
})

/** Columns that a terminal takes, for the characters used here. */
function measure(text: string): number {
  return [...text].reduce((width, char) => width + (/[日本🌍]/u.test(char) ? 2 : 1), 0)
}
