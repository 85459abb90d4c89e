import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRuleFiles } from '../../src/handbook/index.ts'
import { lintHandbook, readTextFrom } from '../../src/lint/index.ts'
import { META_WORDS } from '../../src/procedure/fences.ts'
import { frontMatterSchema, PHASES, parseProcedure } from '../../src/procedure/index.ts'
import { openHandbook } from '../lint/check-folder.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { readExamples, readFiles } from './read-examples.ts'

const PAGE = readFileSync('docs/contributing/write-a-page.md', 'utf8')
const examples = readExamples(PAGE)
const HANDBOOK = `url: https://handbook.example
pages: [docs]
target: { storagePath: { type: string, description: The storage volume } }
services: [api]
owners: { storage: { name: Storage, contact: "#storage" } }
environments: { test: { target: { storagePath: / } } }
`

const runs = provideRuns()

/** A handbook with this one page. */
async function lay(page: string, text: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'handbook-example-'))
  for (const [path, content] of Object.entries({ 'handbook.yaml': HANDBOOK, ...readFiles(PAGE), [page]: text })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

async function check(root: string): Promise<string[]> {
  const handbook = await openHandbook(root)
  const rules = await readRuleFiles(handbook)
  const readText = readTextFrom(root)
  const { problems } = await lintHandbook({ handbook, readText, rules, faults: [], today: '2026-11-22' })
  return problems.filter(({ severity }) => severity === 'error').map(({ rule, line }) => `${rule} ${line}`)
}

it('finds the examples, and each makes a claim', () => {
  expect(examples.length).toBeGreaterThanOrEqual(10)
  expect(examples.filter(({ claims }) => claims.length === 0)).toEqual([])
})

describe.each(examples)('the example of line $line', ({ extension, text, claims, says }) => {
  it.each(claims)('is $outcome', async ({ outcome, rules, after, params }) => {
    const page = `docs/example.${extension}`
    const root = await lay(page, text)
    try {
      const problems = await check(root)
      if (outcome === 'rejected') {
        expect(problems.map(problem => problem.split(' ')[0]).sort()).toEqual([...rules].sort())
        return
      }
      expect(problems).toEqual([])
      if (outcome === 'shown') {
        expect(parseProcedure(text, page).phases).toEqual([])
        expect(parseProcedure(text.replace('static: true', ''), page).problems).not.toEqual([])
        return
      }
      if (after !== undefined) execFileSync('bash', ['-c', after], { cwd: root })
      const { events, ending } = await runs.run(text, {
        page,
        cwd: root,
        params,
        environment: { target: { storagePath: '/' }, services: { api: { status: 'echo running' } } },
      })
      expect(ending.outcome).toBe(outcome)
      if (says !== undefined) {
        const printed = events.flatMap(event =>
          event.type === 'step.output' && event.stream === 'stdout' ? [event.text] : [],
        )
        expect(printed.join('').trimEnd()).toBe(says)
      }
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  })
})

it.each([
  ...META_WORDS,
  ...PHASES.map(({ title }) => title),
  ...Object.keys(frontMatterSchema.shape),
  ...'string number integer boolean duration bytes enum host'.split(' '),
])('the page speaks of %s', word => {
  expect(new RegExp(`(?:\`|type: )${word}\\b`).test(PAGE)).toBe(true)
})
