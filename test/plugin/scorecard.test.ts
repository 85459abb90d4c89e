import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readReadiness } from '../../src/handbook/read-readiness.ts'
import { type LabContent, recordParts } from '../../src/journal/index.ts'
import { countFacts } from '../../src/plugin/count-facts.ts'
import { makeScorecard } from '../../src/plugin/scorecard.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { assess, type CheckProof, hashChecks, listChecks } from '../../src/readiness/index.ts'
import { readOurCatalogue } from '../readiness/our-catalogue.ts'

const PAGE = `---
title: Logging
area: log
items: {}
---

## Checks

### Lines are JSON <!-- #json -->

\`\`\`bash item=log-1 breaks=plain-logs
true
\`\`\`

### Levels change <!-- #levels -->

\`\`\`bash item=log-2
true
\`\`\`
`
const PATH = 'docs/readiness/log.md'
const PUBLISHED = new Map([[PATH, { permalink: '/docs/readiness/log' }]])
const LAB: LabContent = {
  faults: { 'plain-logs': { hash: 'a', deployed: true }, 'quiet-logs': { hash: 'b', deployed: true } },
  workload: 'c',
  shipped: 'd',
  problems: [],
}

/** An assessment in which nothing ran, as it was kept when the page was as given. */
function keep(text: string) {
  const page = parseProcedure(text, PATH)
  const circumstances = {
    environment: 'lab',
    date: '2026-11-22T10:00:00.000Z',
    commit: 'abc',
    pages: { [PATH]: page.hash },
  }
  return { page, assessment: assess([{ page, events: [] }], readOurCatalogue(), circumstances) }
}

function prove(text: string): CheckProof {
  const page = parseProcedure(text, PATH)
  const [check] = listChecks(page)
  if (!check) throw new Error('no check')
  const standsOn = hashChecks([page], LAB).get(check) ?? { page: null }
  const { id, title } = check
  return {
    page: PATH,
    id,
    title,
    items: ['log-1'],
    breaks: ['plain-logs'],
    proven: true,
    over: 2,
    date: '2026-11-22T11:00:00.000Z',
    commit: 'abc',
    ...recordParts(standsOn),
  }
}

function show(text: string, proofs: readonly CheckProof[] = [], lab: LabContent | undefined = LAB) {
  const { assessment } = keep(PAGE)
  const scorecard = makeScorecard({ assessment, proofs, problems: [] }, [parseProcedure(text, PATH)], PUBLISHED, lab)
  const area = scorecard?.areas.find(({ id }) => id === 'log')
  return { scorecard, area, checks: area?.items.flatMap(({ checks }) => checks) ?? [] }
}

it('is nothing when nothing was kept', () => {
  expect(makeScorecard({ proofs: [], problems: [] }, [], PUBLISHED, LAB)).toBeNull()
})

it('shows ten areas with 62 items, and leads to the page of each check', () => {
  const { scorecard, area, checks } = show(PAGE, [prove(PAGE)])
  expect(scorecard?.areas).toHaveLength(10)
  expect(scorecard?.areas.flatMap(({ items }) => items)).toHaveLength(62)
  expect(scorecard?.checks).toEqual({ all: 2, proven: 1 })
  expect(area).toMatchObject({ permalink: '/docs/readiness/log', changed: false, claimed: 30 })
  expect(checks).toMatchObject([
    { id: 'json', result: 'unknown', proof: 'proven', proofSays: 'seen to fail 2026-11-22: plain-logs' },
    { id: 'levels', proof: 'not-proven', proofSays: 'no mutation is declared for it' },
  ])
})

it('says beside a proof how the lab was made in which the check was seen to fail', () => {
  const { checks } = show(PAGE, [{ ...prove(PAGE), profile: 'as-shipped' }])
  expect(checks?.[0]).toMatchObject({ proofSays: 'seen to fail 2026-11-22, as shipped: plain-logs' })
})

it('has a headline of the score alone, and beside it how much of it is unknown', () => {
  const { assessment } = keep(PAGE)
  const [first, ...rest] = assessment.items
  const headlineOf = (score: number | null, items: typeof assessment.items) =>
    makeScorecard({ assessment: { ...assessment, score, items }, proofs: [], problems: [] }, [], PUBLISHED, LAB)
  const passed = rest.map(item => ({ ...item, result: 'passed' as const }))
  const partly = headlineOf(97.6, first ? [{ ...first, result: 'unknown' }, ...passed] : [])
  expect(partly?.headline).toEqual({ figure: '97.6 %', unknown: '1 of 62 items unknown' })
  expect(countFacts([], partly).readiness?.score).toBe('97.6 %')
  expect(headlineOf(100, passed)?.headline).toEqual({ figure: '100 %', unknown: null })
  const nothing = headlineOf(null, [])
  expect(nothing?.headline).toEqual({ figure: 'nothing applies', unknown: null })
  const blind = headlineOf(null, first ? [{ ...first, result: 'unknown' }] : [])
  expect(blind?.headline).toEqual({ figure: 'not measured', unknown: null })
  expect(countFacts([], blind).readiness?.score).toBe('not measured')
})

it('tells what has changed since: the page, or the check that was proven', () => {
  const proof = prove(PAGE)
  const prose = show(PAGE.replace('title: Logging', 'title: Logs'), [proof])
  expect(prose.area?.changed).toBe(true)
  expect(prose.checks[0]?.proof).toBe('proven')
  const block = show(PAGE.replace('true', 'exit 0'), [proof])
  expect(block.checks[0]).toMatchObject({ proof: 'changed', proofSays: 'changed since proven 2026-11-22: the check' })
  expect(block.scorecard?.checks.proven).toBe(0)
  const failed = show(PAGE, [{ ...proof, proven: false, reason: 'plain-logs: it passed all the same' }])
  expect(failed.checks[0]).toMatchObject({ proof: 'not-proven', proofSays: 'plain-logs: it passed all the same' })
})

it('tells what has changed since of what must make the check fail, and of what is shipped', () => {
  const proof = prove(PAGE)
  const find = (lab: LabContent) => show(PAGE, [proof], lab).checks[0]
  const mutated = (hash: string | null) => ({ ...LAB, faults: { 'plain-logs': { hash, deployed: true } } })
  expect(find(mutated('a'))?.proof).toBe('proven')
  const edited = 'changed since proven 2026-11-22: what must make it fail'
  expect(find(mutated('e'))).toMatchObject({ proof: 'changed', proofSays: edited })
  expect(find(mutated(null))).toMatchObject({ proof: 'changed', proofSays: edited })
  const shipped = 'changed since proven 2026-11-22: the service, its units or its configuration'
  expect(find({ ...LAB, shipped: 'e' })).toMatchObject({ proof: 'changed', proofSays: shipped })
  expect(find({ ...LAB, workload: 'e' })?.proof).toBe('proven')
})

it('shows what was reconstructed beside it: what came to a result, what did not and why, and what changed since', () => {
  const { page, assessment } = keep(PAGE)
  const reconstruction = { made: { 'plain-logs': 'a' }, leftOut: { 'quiet-logs': 'it would hide the rest' } }
  const circumstances = { environment: 'lab', profile: 'legacy', date: '2026-11-23T10:00:00.000Z', commit: 'def' }
  const again = assess([{ page, events: [] }], readOurCatalogue(), {
    ...{ ...circumstances, pages: assessment.pages, reconstruction },
  })
  const items = again.items.map(item => (item.id === 'log-1' ? { ...item, result: 'failed' as const } : item))
  const see = (text: string, lab = LAB) => {
    const kept = { assessment, reconstructed: { ...again, score: 0, items }, proofs: [], problems: [] }
    return makeScorecard(kept, [parseProcedure(text, PATH)], PUBLISHED, lab)
  }
  const scorecard = see(PAGE)
  expect(scorecard?.reconstructed).toMatchObject({
    figure: '0 %',
    environment: 'lab (legacy)',
    made: 1,
    items: { all: 62, measured: 1, failed: 1 },
    passed: [],
    leftOut: [{ name: 'quiet-logs', reason: 'it would hide the rest' }],
    changed: [],
  })
  expect(scorecard?.reconstructed?.unknown[0]).toEqual({
    id: 'log-2',
    title: 'Log levels configurable',
    reason: 'not reconstructed: nothing that its checks guard was broken',
  })
  expect(scorecard?.history).toEqual([
    { date: circumstances.date, commit: 'def', environment: 'lab (legacy)', says: '0 %, 61 of 62 items unknown' },
  ])
  expect(see(PAGE.replace('true', 'false'))?.reconstructed?.changed).toEqual(['Logging & monitoring'])
  const edited = { ...LAB, faults: { 'plain-logs': { hash: 'e', deployed: true } } }
  expect(see(PAGE, edited)?.reconstructed?.changed).toEqual(['plain-logs'])
  expect(show(PAGE).scorecard?.reconstructed).toBeNull()
})

it('refuses a file that handbook assess did not write, and takes those that it did', async () => {
  const root = await mkdtemp(join(tmpdir(), 'handbook-scorecard-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const file = join(root, 'static/readiness/assessment.json')
  await mkdir(dirname(file), { recursive: true })
  expect(await readReadiness(root)).toEqual({ proofs: [], problems: [] })
  const { assessment } = keep(PAGE)
  await writeFile(file, JSON.stringify(assessment))
  expect(await readReadiness(root)).toEqual({ assessment, proofs: [], problems: [] })
  await writeFile(file, JSON.stringify({ ...assessment, score: 'high' }))
  const { problems, ...rest } = await readReadiness(root)
  expect(rest).toEqual({ proofs: [] })
  expect(problems).toMatchObject([{ file: 'static/readiness/assessment.json', rule: 'proof-file', severity: 'error' }])
  expect(problems[0]?.message).toContain('score')
})
