import { describe, expect, test } from 'vitest'
import type { FiringAnswer } from '../../src/alerts/index.ts'
import type { StartAlert } from '../../src/journal/index.ts'
import { provideRuns } from './provide-runs.ts'

const runs = provideRuns()

const step = (id: string, code: string) => `### ${id} <!-- #${id} -->\n\`\`\`bash\n${code}\n\`\`\`\n`
const page = (fix: string) =>
  `---\nalerts: [Slow]\n---\n## Diagnose\n${step('look', 'hb suggest fix why')}## Mitigate\n${step('fix', fix)}## Verify\n${step('ok', 'true')}`

const fires: StartAlert = {
  name: 'Slow',
  asked: 'fires',
  since: '2026-11-22T03:10:00.000Z',
  labels: { alertname: 'Slow', queue: 'a' },
}
const answer = (...queues: readonly string[]): FiringAnswer => ({
  asked: 'answered',
  firing: queues.map(queue => ({ name: 'Slow', labels: { alertname: 'Slow', queue } })),
})

describe('the alert that a run was started for', () => {
  test.each<[string, StartAlert, FiringAnswer, string]>([
    ['is gone', fires, answer(), 'gone'],
    ['is gone, and another one of its name fires', fires, answer('b'), 'gone'],
    ['fires still', fires, answer('b', 'a'), 'fires'],
    ['did not fire then, and does not now', { name: 'Slow', asked: 'not-firing' }, answer(), 'not-firing'],
    ['did not fire then, and fires now', { name: 'Slow', asked: 'not-firing' }, answer('c'), 'fires'],
    ['was not asked about then, and fires', { name: 'Slow', asked: 'nobody' }, answer('c'), 'fires'],
    ['is not asked about', fires, { asked: 'nobody' }, 'unknown'],
    ['is unknown without an answer', fires, { asked: 'no-answer', why: 'it answered 503' }, 'unknown'],
  ])('%s', async (_, alert, answered, now) => {
    const { events, ending } = await runs.run(page('true'), { alert, firingAlerts: async () => answered })
    expect(events[0]).toMatchObject({ type: 'run.started', alert })
    expect(ending).toMatchObject({
      outcome: 'healed',
      basis: { mitigated: ['fix'], verified: ['ok'] },
      alertNow: { name: 'Slow', now, began: ['fires', 'not-firing'].includes(alert.asked) ? alert.asked : 'unknown' },
    })
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', ...ending })
  })

  test('is asked about after a failure, too', async () => {
    const { ending } = await runs.run(page('false'), { alert: fires, firingAlerts: async () => answer('a') })
    expect(ending).toMatchObject({ outcome: 'failed', alertNow: { name: 'Slow', now: 'fires' } })
  })

  test('keeps nobody waiting who wants to end the run: it is unknown then', async () => {
    const canceller = new AbortController()
    const { ending } = await runs.run(page('echo x; sleep 60'), {
      alert: fires,
      firingAlerts: () => Promise.reject(new Error('asked')),
      signal: canceller.signal,
      listen: event => event.type === 'step.output' && canceller.abort(),
    })
    expect(ending).toMatchObject({ outcome: 'cancelled', alertNow: { name: 'Slow', now: 'unknown' } })
  })
})
