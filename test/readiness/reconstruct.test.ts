import { expect, it } from 'vitest'
import type { RunEvent } from '../../src/journal/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { assess, listChecks } from '../../src/readiness/index.ts'
import { readOurCatalogue } from './our-catalogue.ts'

const PAGE = parseProcedure(
  `---
title: Logging
area: log
items: {}
---

## Checks

### Lines are JSON <!-- #json -->

\`\`\`bash item=log-1 breaks=plain-logs
true
\`\`\`

### Levels are plain <!-- #levels -->

\`\`\`bash item=log-1,log-2 breaks=quiet-logs
true
\`\`\`

### Files are rotated <!-- #rotated -->

\`\`\`bash item=log-3 breaks=endless-log
true
\`\`\`

### Nothing breaks it <!-- #unbreakable -->

\`\`\`bash item=log-5
true
\`\`\`
`,
  'docs/readiness/log.md',
)

const BY = { user: 'anna', host: 'ops', pid: 1 }

/** Judges the area when every check had this result. */
function reconstruct(status: 'passed' | 'failed') {
  const steps = listChecks(PAGE)
  const told = [
    { type: 'run.started', procedure: 'log', title: 'Logging', environment: 'lab', by: BY, contentHash: 'a', steps },
    ...steps.map(({ id }) => ({ type: 'step.finished', step: id, status, seconds: 1 })),
  ]
  const events = told.map((event, seq) => ({ ...event, seq, run: 'r', time: '2026-11-22T10:00:00.000Z' })) as unknown
  const circumstances = {
    ...{ environment: 'lab', profile: 'legacy', date: '2026-11-22', commit: 'abc', pages: {} },
    reconstruction: {
      made: { 'plain-logs': 'a', 'endless-log': null },
      leftOut: { 'quiet-logs': 'it would hide the rest', 'never-named': 'nobody knows why' },
    },
  }
  return assess([{ page: PAGE, events: events as RunEvent[] }], readOurCatalogue(), circumstances, ['log'])
}

it('judges an item only by the checks of which something was broken', () => {
  const { items, score, reconstruction } = reconstruct('failed')
  expect(items.filter(({ result }) => result === 'failed').map(({ id }) => id)).toEqual(['log-1', 'log-3'])
  expect(items[0]?.checks.map(({ id }) => id)).toEqual(['json'])
  expect(score).toBe(0)
  expect(reconstruction?.made).toEqual({ 'plain-logs': 'a', 'endless-log': null })
})

it('does not know of an item of which nothing was broken, whatever its checks found, and says why', () => {
  for (const result of ['passed', 'failed'] as const) {
    const { items } = reconstruct(result)
    const find = (wanted: string) => items.find(({ id }) => id === wanted)
    expect(find('log-2')).toMatchObject({
      result: 'unknown',
      reason: 'not reconstructed: nothing that its checks guard was broken; quiet-logs: it would hide the rest',
      checks: [],
    })
    expect(find('log-5')).toMatchObject({
      result: 'unknown',
      reason: 'not reconstructed: nothing that its checks guard was broken',
    })
  }
})

it('says of an item that it passed when what was broken is not seen', () => {
  expect(reconstruct('passed').items[0]).toMatchObject({ id: 'log-1', result: 'passed' })
})
