import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { checkFolder } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'

/** Our own template, and the pages that are made from it. */
const PAGE = readFileSync('docs/incidents/postmortem.md', 'utf8')
const TEMPLATE = /````markdown\n([\s\S]*?)\n````/.exec(PAGE)?.[1] ?? ''

async function check(text: string): Promise<readonly string[]> {
  const root = await makeHandbook({ 'docs/incidents/postmortem.md': PAGE, 'docs/incidents/example-1.md': text })
  const problems = await checkFolder(root)
  return problems.flatMap(({ rule, line, found }) => (rule === 'template-filled' ? [`${line} ${found}`] : []))
}

it('everything that our own template asks is found where nobody answered it', async () => {
  const found = await check(TEMPLATE)
  const asked = TEMPLATE.split('\n').flatMap((line, index) =>
    /^(?:title|description|owner|reviewed): |^\|(?:.*\|)? *\|/.test(line) && !/^[|\s-]+$/.test(line) ? [index + 1] : [],
  )
  expect(found.map(line => Number.parseInt(line, 10))).toEqual(expect.arrayContaining(asked))
  expect(found.length).toBeGreaterThan(asked.length + 4)
})

it('also in other words, and beside what was filled in', async () => {
  const text = `---
title: Downstream hung
---

## Summary

Nobody was told for 70 seconds.

## Trigger

What set it off: a change, a load, a date, a failure elsewhere. Link to it.

## Detection

The alert fired after 20 s. Which alert, or who, noticed it; how long after it began; what should have told us earlier.

## Impact in numbers

| what | how much | measured by |
| --- | --- | --- |
| began, ended, duration | 70 s | the ledger |
| customers concerned | | |
| upload requests failed, number and share | | \`upload_bridge_http_requests_total\` |

## Timeline

All times in UTC. Each line with its evidence.
| time | what happened | evidence |
| --- | --- | --- |
| | damage stopped | run 20261128-131304-85qn |
| 13:14 | healed, alert gone | run 20261128-131304-85qn |

## Why it could happen

What made it possible, and what made it last; not one root, but the conditions.

## What went well
## What went badly

Nothing.

## Actions

| action | makes it rarer, shorter or milder | owner | due | done |
| --- | --- | --- | --- | --- |
| | | | | |
`
  const lines = (await check(text)).map(line => Number.parseInt(line, 10))
  const at = (start: string) => text.split('\n').findIndex(line => line.startsWith(start)) + 1
  expect(lines).toEqual([
    at('What set it off'),
    at('The alert fired'),
    at('| customers'),
    at('| upload requests'),
    at('| | damage'),
    at('What made it possible'),
    at('## What went well'),
    at('| | | | | |'),
  ])
})

it('nothing is said of other pages there', async () => {
  expect(
    await check('# Page\n\n## Summary\n\nWhat happened, to whom, for how long, and how it ended. Three sentences.\n'),
  ).toEqual([])
  expect(await check('# Page\n\n## Meaning\n\nx\n\n## Impact\n\ny\n\n## Trigger\n\nz\n')).toEqual([])
})
