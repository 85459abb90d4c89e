import { expect, test } from 'vitest'
import type { Acknowledgement } from '../../src/environments/index.ts'
import { provideRuns } from './provide-runs.ts'

const { run } = provideRuns()

const page = (routine: boolean) => `---
id: look-after
routine: ${routine}
---

## Procedure

### First

\`\`\`bash risk=read
exit 1
\`\`\`

### Second

\`\`\`bash risk=read
echo reached
\`\`\`

### Third

\`\`\`bash risk=read
exit 1
\`\`\`
`
const knowing = (...steps: readonly [step: string, until: string][]) => ({
  acknowledged: steps.map(
    ([step, until]): Acknowledgement => ({
      page: 'look-after',
      step,
      until,
      owner: 'storage',
      reason: 'disks are ordered',
    }),
  ),
})
const taken = ({ events }: Awaited<ReturnType<typeof run>>) =>
  events.flatMap(event => (event.type === 'step.finished' ? [`${event.step} ${event.status}`] : []))

test('a routine takes every step, whatever the others find, and names all that it found', async () => {
  const done = await run(page(true))
  expect(taken(done)).toEqual(['first failed', 'second passed', 'third failed'])
  expect(done.ending).toMatchObject({ outcome: 'failed', reason: '2 findings: “First”, “Third”' })
})

test('a guide that is no routine ends at its first failure', async () => {
  const done = await run(page(false))
  expect(taken(done)).toEqual(['first failed'])
})

test('what somebody works on does not fail a routine, and is named', async () => {
  const done = await run(page(true), { environment: knowing(['first', '2999-01-01'], ['third', '2999-01-02']) })
  expect(done.ending).toMatchObject({
    outcome: 'passed',
    reason:
      'Acknowledged: “First” (storage works on it until 2999-01-01: disks are ordered), “Third” (storage works on it until 2999-01-02: disks are ordered)',
  })
})

test('it fails again once that day has passed', async () => {
  const done = await run(page(true), { environment: knowing(['first', '2020-01-01'], ['third', '2999-01-02']) })
  expect(done.ending).toMatchObject({
    outcome: 'failed',
    reason:
      '1 finding: “First” (storage was to work on it until 2020-01-01: disks are ordered); 1 other finding acknowledged',
  })
})

test('a finding of another page is not acknowledged by it', async () => {
  const { acknowledged } = knowing(['first', '2999-01-01'], ['third', '2999-01-01'])
  const done = await run(page(true), {
    environment: { acknowledged: acknowledged.map(one => ({ ...one, page: 'x' })) },
  })
  expect(done.ending).toMatchObject({ outcome: 'failed', reason: '2 findings: “First”, “Third”' })
})

test('a routine of which nothing passed has not passed, although all of it is known', async () => {
  const all = page(true).replace('echo reached', 'exit 1')
  const done = await run(all, {
    environment: knowing(['first', '2999-01-01'], ['second', '2999-01-01'], ['third', '2999-01-01']),
  })
  expect(done.ending.outcome).toBe('inconclusive')
})
