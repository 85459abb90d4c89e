// A check that nobody waits for has not been made: a run must not end healed because of it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findLiving, makeMarker } from '../execute/living.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
})
afterAll(() => handbook.remove())

/** A runbook that mends nothing, and whose only check begins on line 26. */
const page = (check: string) => `---
title: The queue stands still
---

## Diagnose

### Does it stand? <!-- #stands -->

\`\`\`bash
hb suggest mend "it stands"
\`\`\`

## Mitigate

### Mend it <!-- #mend -->

\`\`\`bash
true
\`\`\`

## Verify

### It moves again <!-- #moves -->

\`\`\`ts
${check}
\`\`\`
`

const marker = makeMarker()

test.each([
  [
    "waitFor(() => fs.pathExists('moved'), { timeout: '20s', what: 'the queue to move' })",
    ['waitFor (26:1) was still'],
  ],
  [
    "const { status } = { status: 200 }\nwaitFor(async () => (await http('http://127.0.0.1:7/')).status === status)",
    ['waitFor (27:1) failed, and nothing awaited it'],
  ],
  [`$\`sleep ${marker}\``, [`the command in “$\`sleep ${marker}\`” (26:2) was still pending`]],
  [
    "http('http://127.0.0.1:7/').then(({ status }) => expect(status).toBe(200))",
    ['http://127.0.0.1:7/ did not answer'],
  ],
])('%s', async (check, said) => {
  handbook.write('queue.md', page(check))
  const { exitCode, stdout } = await handbook.run('run', 'queue.md', '--auto')
  const words = stdout.replace(/\s+/g, ' ')
  expect(exitCode).toBe(1)
  expect(words).toContain('FAILED')
  expect(words).not.toContain('HEALED')
  for (const text of said) expect(words).toContain(text)
  expect(findLiving(marker)).toEqual([])
})

test('once it is awaited the run is healed', async () => {
  handbook.write('queue.md', page("await waitFor(() => true, { what: 'the queue to move' })"))
  const { exitCode, stdout } = await handbook.run('run', 'queue.md', '--auto')
  expect(stdout).toContain('HEALED')
  expect(exitCode).toBe(0)
})
