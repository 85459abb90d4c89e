import { expect, test } from 'vitest'
import type { RunUnderWay } from '../../src/journal/index.ts'
import { provideRuns } from './provide-runs.ts'

const runs = provideRuns()

const PAGE =
  '## Procedure\n### look\n```bash risk=read\ntrue\n```\n### one\n```bash\ntrue\n```\n### two\n```bash\ntrue\n```\n'

const OTHER: RunUnderWay = {
  run: '20261122-031502-k7f2',
  procedure: 'other',
  page: 'Another page',
  by: { user: 'ann', host: 'ops-1', pid: 4 },
  since: '2026-11-22T03:15:02.000Z',
  sure: true,
}
const WHO = 'run 20261122-031502-k7f2 of “Another page”: ann@ops-1, process 4, since 2026-11-22 03:15 UTC'

const warnings = (events: Awaited<ReturnType<typeof runs.run>>['events']) =>
  events.flatMap(event => (event.type === 'run.warned' ? [[event.message, event.beside?.run]] : []))

test('a run says beside which other it goes on, and each change that it is made beside it', async () => {
  const { events, ending } = await runs.run(PAGE, { beside: async () => [OTHER] })
  expect(ending.outcome).toBe('passed')
  expect(warnings(events)).toEqual([
    [`this run goes on beside ${WHO}`, OTHER.run],
    [`“one” would change something beside ${WHO}`, OTHER.run],
    [`“two” would change something beside ${WHO}`, OTHER.run],
  ])
})

test('a person is asked before each change, although they said that all may run', async () => {
  const asked: string[] = []
  let others: readonly RunUnderWay[] = []
  await runs.run(PAGE, {
    mode: 'interactive',
    beside: async () => others,
    async confirm({ step }) {
      asked.push(step.id)
      others = [OTHER]
      return 'to-end'
    },
  })
  expect(asked).toEqual(['one', 'two'])
})

test('a run says nothing of itself', async () => {
  let own = ''
  const { events } = await runs.run(PAGE, {
    writer(writer) {
      own = writer.run
      return writer
    },
    beside: async () => [{ ...OTHER, run: own }],
  })
  expect(own).not.toBe('')
  expect(warnings(events)).toEqual([])
})

test('a run says nothing of what it cannot know', async () => {
  const { events } = await runs.run(PAGE, { beside: () => Promise.reject(new Error('EACCES')) })
  expect(warnings(events)).toEqual([])
})

test('one of the same page is told at the start, and kept from changes by its lock', async () => {
  const { events } = await runs.run(PAGE, { beside: async () => [{ ...OTHER, procedure: 'page' }] })
  expect(warnings(events)).toHaveLength(1)
})
