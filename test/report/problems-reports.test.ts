import { expect, it } from 'vitest'
import type { Problem, WaivedProblem } from '../../src/base/index.ts'
import {
  formatProblemsJson,
  formatProblemsJunit,
  formatProblemsMarkdown,
  formatProblemsSarif,
  formatProblemsText,
  type ReportedRule,
} from '../../src/report/index.ts'
import { validateSarif } from './validate-sarif.ts'

const ERROR: Problem = {
  file: 'docs/b.md',
  line: 4,
  column: 9,
  rule: 'types',
  severity: 'error',
  message: "Cannot find name 'pecrent'",
  found: 'pecrent',
  hint: 'Did you mean percent?',
}
const WARNING: Problem = { ...ERROR, line: 7, rule: 'has-drill', severity: 'warning', message: 'No drill' }
const WAIVED: WaivedProblem = { ...WARNING, line: 9, reason: 'The fault is new', until: '2027-01-31' }
const RULES: readonly ReportedRule[] = [
  { id: 'types', severity: 'error', summary: 'Types fit', hint: 'Correct it', url: 'https://h.example/rules#types' },
  { id: 'has-drill', severity: 'warning', summary: 'There is a drill', hint: 'Add one' },
]

it('JUnit has a suite a file, and only errors fail', () => {
  const report = formatProblemsJunit([ERROR, WARNING], [WAIVED], ['docs/a.md', 'docs/b.md'])
  expect(report).toContain('<testsuites name="handbook check" tests="4" failures="1" errors="0" skipped="1" time="0">')
  expect(report).toContain('<testsuite name="docs/a.md" tests="1" failures="0"')
  expect(report).toContain(`    <testcase name="4:9 types" classname="docs/b.md">
      <failure message="Cannot find name 'pecrent'" type="types">docs/b.md:4:9 Cannot find name 'pecrent'
Found: pecrent
Did you mean percent?</failure>
    </testcase>
    <testcase name="7:9 has-drill" classname="docs/b.md">
      <system-out>docs/b.md:7:9 No drill
`)
  expect(report).toContain(`    <testcase name="9:9 has-drill" classname="docs/b.md">
      <skipped message="No drill. Waived until 2027-01-31: The fault is new"/>
`)
})

it('SARIF is valid, and leads from a result to its rule and the entry on the site', () => {
  const log = JSON.parse(formatProblemsSarif([ERROR, WARNING], [WAIVED], RULES))
  expect(validateSarif(log)).toEqual([])
  const [run] = log.runs
  expect(
    run.results.map(({ ruleId, ruleIndex, level }: Record<string, unknown>) => [ruleId, ruleIndex, level]),
  ).toEqual([
    ['types', 0, 'error'],
    ['has-drill', 1, 'warning'],
    ['has-drill', 1, 'warning'],
  ])
  expect(run.results.map(({ suppressions }: Record<string, unknown>) => suppressions)).toEqual([
    undefined,
    undefined,
    [{ kind: 'inSource', justification: 'Until 2027-01-31: The fault is new' }],
  ])
  expect(run.tool.driver.rules[0]).toMatchObject({
    help: { text: 'Correct it' },
    helpUri: 'https://h.example/rules#types',
    defaultConfiguration: { level: 'error' },
  })
})

it('Markdown counts, and has a row a problem', () => {
  expect(
    formatProblemsMarkdown([ERROR, WARNING], [WAIVED], 3, RULES),
  ).toBe(`**1 error and 1 warning in 3 pages, 1 waived**

| Place | Severity | Rule | Problem |
| - | - | - | - |
| \`docs/b.md:4:9\` | error | [types](https://h.example/rules#types) | Cannot find name 'pecrent'. Did you mean percent? |
| \`docs/b.md:7:9\` | warning | \`has-drill\` | No drill. Did you mean percent? |
`)
  expect(formatProblemsMarkdown([], [], 3, RULES)).toBe('**3 pages, nothing wrong**\n')
})

it('no page, or a tool that was not there, is not nothing wrong', () => {
  const missing = ['No page was checked']
  expect(formatProblemsMarkdown([], [], 0, RULES, missing)).toBe(
    '**no page was checked**\n\nNot checked: No page was checked\n',
  )
  expect(formatProblemsJunit([], [], [], missing)).toContain('tests="1" failures="0" errors="0" skipped="1"')
  expect(JSON.parse(formatProblemsJson([], [], missing))).toEqual({ problems: [], waived: [], notChecked: missing })
  const sarif = JSON.parse(formatProblemsSarif([], [], RULES, missing))
  expect(validateSarif(sarif)).toEqual([])
  expect(sarif.runs[0].invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'warning', message: { text: 'No page was checked' } }],
    },
  ])
  expect(formatProblemsText([], { readText: () => undefined, pages: 0, color: false })).toBe('? no page was checked\n')
})
