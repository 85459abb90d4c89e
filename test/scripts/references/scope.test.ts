import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readVerbs } from '../../../scripts/references/scope.ts'
import type { Problem } from '../../../src/base/index.ts'
import { readRuleFiles } from '../../../src/handbook/index.ts'
import { lintHandbook, readTextFrom } from '../../../src/lint/index.ts'
import { openHandbook } from '../../lint/check-folder.ts'

const HANDBOOK = `url: https://handbook.example
target:
  url: { type: string, description: Where the API answers }
  storagePath: { type: string, description: The storage volume }
  configPath: { type: string, description: The configuration file }
  prometheusUrl: { type: string, description: Where Prometheus answers }
services: [api]
owners: { storage: { name: Storage, contact: "#storage" } }
environments:
  production: { secrets: { apiToken: { env: API_TOKEN, for: read } } }
`
const verbs = readVerbs()
let root = ''
let problems: readonly Problem[] = []

/** A runbook with an example in its Mitigate, where every verb may stand. */
const writePage = (name: string, language: string, code: string) => `---
title: Example of ${name}
owner: storage
---

## Meaning

m

## Impact

i

## Diagnose

## Mitigate

### Example <!-- #example -->

\`\`\`${language} irreversible="it is an example"
${code}
\`\`\`

### Mend <!-- #mend -->

\`\`\`bash irreversible="it is an example"
true
\`\`\`

## Verify

## Roll back

r

## Escalate

e

## Prevent

p
`

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'handbook-scope-'))
  mkdirSync(join(root, 'docs'))
  writeFileSync(join(root, 'handbook.yaml'), HANDBOOK)
  for (const { name, examples } of verbs)
    for (const { language, code } of examples)
      writeFileSync(join(root, 'docs', `${name}-${language}.md`), writePage(name, language, code))
  const bad = writePage('nothing', 'ts', "suggest('mned', 1)\nawait prom()")
  writeFileSync(join(root, 'docs/wrong-ts.md'), bad)
  const handbook = await openHandbook(root)
  const readText = readTextFrom(root)
  const rules = await readRuleFiles(handbook)
  ;({ problems } = await lintHandbook({ handbook, readText, rules, faults: [], today: '2026-11-22' }))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** What is wrong on the line of a block, and not with a page that is only the example's frame. */
const wrong = (page: string) =>
  problems.filter(
    ({ file, rule }) =>
      file === `docs/${page}.md` &&
      ['types', 'bash-syntax', 'bash-variable', 'hb-verb', 'suggests-a-step', 'known-service'].includes(rule),
  )

it.each(verbs.flatMap(({ name, examples }) => examples.map(({ language }) => [name, language])))(
  'the example of %s in %s is right',
  (name, language) => {
    expect(wrong(`${name}-${language}`)).toEqual([])
  },
)

it('would tell of a wrong one', () => {
  expect(wrong('wrong-ts').length).toBeGreaterThanOrEqual(2)
})
