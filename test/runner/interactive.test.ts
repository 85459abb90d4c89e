import { describe, expect, test } from 'vitest'
import type { Answer, FailureAnswer } from '../../src/runner/index.ts'
import { provideRuns } from './provide-runs.ts'
import { type RunOptions, tell } from './run-page.ts'

const runs = provideRuns()

function step(id: string, code: string, meta = ''): string {
  return `### ${id} <!-- #${id} -->\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`
}

const PAGE = `---
alerts: [A]
---
## Diagnose
${step('look', 'for s in shed grow; do hb suggest $s full; done')}
## Mitigate
${step('shed', 'echo shed')}
${step('grow', 'echo x >> tries; [ "$(wc -l < tries)" -ge ${TRIES:-1} ]')}
## Verify
${step('canary', 'true')}
## Roll back
${step('admit', 'true', 'undoes=shed')}
${step('shrink', 'true', 'undoes=grow')}
`

/** Runs with a person who says these things, one after the other, and notes what is asked. */
async function run(
  answers: readonly Answer[],
  failures: readonly FailureAnswer[] = [],
  options: RunOptions = {},
  page = PAGE,
) {
  const asked: string[] = []
  const left = [...answers]
  const { mkdtempSync } = await import('node:fs')
  const cwd = mkdtempSync(`${runs.root}/cwd-`)
  const done = await runs.run(page, {
    mode: 'interactive',
    cwd,
    async confirm({ step, why, number, of, next }) {
      asked.push(`${number}/${of} ${step.id}${why ? `, ${why}` : ''}${next ? `, then ${next.id}` : ''}`)
      return left.shift() ?? 'stop'
    },
    async afterFailure(step) {
      asked.push(`${step.id} failed`)
      return failures[asked.filter(text => text.endsWith('failed')).length - 1] ?? 'end'
    },
    ...options,
  })
  const told = tell(done.events).filter(line => !line.startsWith('waiting') && !/ stdout: /.test(line))
  return { ...done, asked, told: told.slice(told.indexOf('look passed') + 1) }
}

const failing = (tries: number): RunOptions => ({ environment: { variables: { TRIES: String(tries) } } })

test('each change is asked about, with its place, why it was suggested, and what comes next', async () => {
  const { asked, ending } = await run(['run', 'run'])
  expect(asked).toEqual(['1/2 shed, full, then grow', '2/2 grow, full'])
  expect(ending.outcome).toBe('healed')
})

test('run to the end asks no more before changes, but before danger', async () => {
  expect((await run(['to-end'])).asked).toHaveLength(1)
  const page = PAGE.replace('echo shed\n```', 'echo shed\n```').replace(
    '### grow <!-- #grow -->\n```bash',
    '### grow <!-- #grow -->\n```bash risk=danger',
  )
  expect((await run(['to-end', 'run'], [], {}, page)).asked).toHaveLength(2)
})

test('back takes the step before once more, and what it says then counts', async () => {
  const { told, ending } = await run(['run', 'back', { skip: 'was enough' }, 'run'])
  expect(told).toEqual([
    '# mitigate',
    'shed started',
    'shed passed',
    'shed skipped: by hand: was enough',
    'grow started',
    'grow passed',
    '# verify',
    'canary started',
    'canary passed',
    '= healed, standing shed grow, roll back shrink admit',
  ])
  expect(ending.outcome).toBe('healed')
})

describe('a failure', () => {
  test('tried again', async () => {
    const { asked, told, ending } = await run(['run', 'run'], ['retry', 'retry'], failing(3))
    expect(asked.slice(1)).toEqual(['2/2 grow, full', 'grow failed', 'grow failed'])
    expect(told.filter(line => line === 'grow started')).toHaveLength(3)
    expect(ending.outcome).toBe('healed')
  })

  test('passed over with a reason: what it may have done still stands', async () => {
    const { told } = await run(['run', 'run'], [{ skip: 'good enough' }], failing(9))
    expect(told).toContain('grow skipped: after a failure, by hand: good enough')
    expect(told.at(-1)).toBe('= healed, standing shed grow, roll back shrink admit')
  })

  test('rolled back: everything taken is taken back, last one first, without asking again', async () => {
    const { asked, told, ending } = await run(['run', 'run'], ['roll-back'], failing(9))
    expect(asked).toHaveLength(3)
    expect(told.slice(-6)).toEqual([
      '# roll-back',
      'shrink started',
      'shrink passed',
      'admit started',
      'admit passed',
      '= failed',
    ])
    expect(ending).toEqual({ outcome: 'failed', reason: '“grow” failed' })
  })

  test('left for later, and resumed', async () => {
    const first = await run(['run', 'run'], ['stop'], failing(9))
    expect(first.ending).toEqual({ outcome: 'interrupted', reason: 'stopped at “grow”' })
    const again = await run([], ['retry'], { resumes: first.folder })
    expect(again.asked).toEqual(['grow failed'])
    expect(again.ending.outcome).toBe('healed')
  })

  test('that ends the run', async () => {
    const { ending } = await run(['run', 'run'], ['end'], failing(9))
    expect(ending.outcome).toBe('failed')
  })

  test('of a diagnosis is asked about, and diagnosing goes on', async () => {
    const page = PAGE.replace('## Mitigate', `${step('broken', 'false')}\n## Mitigate`)
    const { asked, ending } = await run(['to-end'], ['end'], {}, page)
    expect(asked[0]).toBe('broken failed')
    expect(ending.outcome).toBe('healed')
  })

  test('of a check is not', async () => {
    const { asked } = await run([], [], {}, `## Checks\n${step('a', 'false')}${step('b', 'true')}`)
    expect(asked).toEqual([])
  })
})

test('stopped before a step, the run can be resumed there', async () => {
  const first = await run(['run', 'stop'])
  expect(first.ending).toEqual({ outcome: 'interrupted', reason: 'stopped at “grow”' })
  const again = await run(['run'], [], { resumes: first.folder })
  expect(again.asked).toEqual(['2/2 grow, full'])
  expect(again.ending.outcome).toBe('healed')
})

test('asked about each step, those that only read as well', async () => {
  const { asked } = await run(['run', 'run', 'run', 'run'], [], { askEach: true })
  expect(asked.map(text => text.split(',')[0])).toEqual(['1/1 look', '1/2 shed', '2/2 grow', '1/1 canary'])
})
