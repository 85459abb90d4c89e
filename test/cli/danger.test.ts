import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { createHandbook } from './handbook.ts'
import { KEYS, startTerminal } from './terminal.ts'

const { enter, down } = KEYS

const PAGE = `---
title: The volume is filling up
alerts: [VolumeFilling]
params:
  staleAfter: { type: duration, default: 24h }
  pin: { type: string, default: pin-4711, secret: true }
---

## Diagnose

### How full is it? <!-- #usage -->

\`\`\`bash
echo "percent=97" >> "$STEP_OUTPUT"
\`\`\`

### Is a backup the cause? <!-- #backup -->

\`\`\`bash
hb rule-out "no backup runs"
\`\`\`

### Are partial uploads the cause? <!-- #partials -->

\`\`\`bash
hb suggest purge "3 of them take 40 %"
\`\`\`

### Which partial uploads are stale? <!-- #stale -->

\`\`\`bash
{ echo "ids<<END"; cat ids; echo END; } >> "$STEP_OUTPUT"
\`\`\`

## Mitigate

### Delete stale uploads <!-- #purge -->

Deletes only what received no bytes for a while, and no acknowledged upload.

\`\`\`bash risk=danger touches=stale max=3 irreversible="Their senders have to start again."
echo "older than $STALE_AFTER on $TARGET_HOST, \${STEP_USAGE_PERCENT} %, pin $PIN"
for id in $STEP_STALE_IDS; do echo "$id" '$STALE_AFTER'; done > gone
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
true
\`\`\`
`

const YAML = `url: https://x.example
target: { host: { type: string, description: where } }
environments:
  production: { target: { host: web-1 } }
`

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', YAML)
  handbook.write('runbooks/full.md', PAGE)
  handbook.write('ids', 'a\nb\n')
})
afterEach(() => handbook.remove())

const start = () =>
  startTerminal(`${process.execPath} ${join(handbook.bundles, 'handbook.cjs')} run full --env production`, handbook)

/** Answers a question, and counts the keys. */
function counted(terminal: ReturnType<typeof startTerminal>) {
  let keys = 0
  return {
    keys: () => keys,
    async answer(question: string, typed: string) {
      keys += typed.startsWith('\u001b') ? 1 : typed.length
      await terminal.answer(question, typed)
    },
  }
}

describe.runIf(requires('danger in a terminal', ['script']))('before danger in a terminal', () => {
  test('one sees where, why, what cannot be undone, what was found, every line with its values, and what it touches', async () => {
    const terminal = start()
    await terminal.answer('staleAfter', enter)
    await terminal.answer('pin', enter)
    await terminal.answer('Run it?', `${down}${down}${enter}`)
    await terminal.over
    const before = terminal.shown().split('Run it?')[0] ?? ''
    const lines = before.slice(before.indexOf('Step 1 of 1')).split('\n')
    const text = lines.map(line => line.replace(/^[│◆◇●▲]\s*/, '').trimEnd()).filter(Boolean)
    expect(text).toEqual([
      `Step 1 of 1 · Delete stale uploads · danger in production, on ${hostname()}`,
      'Deletes only what received no bytes for a while, and no acknowledged upload.',
      'Suggested: 3 of them take 40 %',
      'Cannot be undone: Their senders have to start again.',
      'Found so far:',
      'How full is it? percent=97',
      'Is a backup the cause? ruled out: no backup runs',
      'Are partial uploads the cause? 3 of them take 40 %',
      'Which partial uploads are stale? ids=a … (2 lines)',
      'echo "older than 24h on web-1, 97 %, pin $PIN"',
      `for id in a … (2 lines); do echo "$id" '$STALE_AFTER'; done > gone`,
      'It will touch 2 of #stale, no more: a, b',
      `production, on ${hostname()}: this cannot be rolled back.`,
    ])
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
    expect(before).not.toContain('pin-4711')
  }, 120_000)

  test('one Enter is enough where no other environment can be reached, and no more is touched than usual', async () => {
    const terminal = start()
    await terminal.answer('staleAfter', enter)
    await terminal.answer('pin', enter)
    const typist = counted(terminal)
    await typist.answer('Run it?', enter)
    expect(await terminal.over).toBe(0)
    expect(typist.keys()).toBe(1)
    expect(terminal.shown()).not.toContain('Type ')
  }, 120_000)

  test('the name is typed where another environment can be reached from here', async () => {
    handbook.write('handbook.yaml', `${YAML}  staging: {}\n  elsewhere: { hosts: [not-this-machine] }\n`)
    const terminal = start()
    await terminal.answer('staleAfter', enter)
    await terminal.answer('pin', enter)
    const typist = counted(terminal)
    await typist.answer('Run it?', enter)
    await typist.answer('not in staging', `production${enter}`)
    expect(await terminal.over).toBe(0)
    expect(typist.keys()).toBe(12)
    expect(terminal.shown()).toContain(`Type production to run it there from ${hostname()}, not in staging\n`)
  }, 120_000)

  test('a long question in which somebody types keeps its gutter', async () => {
    const others = ['north', 'south', 'east'].map(where => `  an-environment-in-the-${where}-of-here: {}\n`)
    handbook.write('handbook.yaml', `${YAML}${others.join('')}`)
    const terminal = start()
    await terminal.answer('staleAfter', enter)
    await terminal.answer('pin', enter)
    await terminal.answer('Run it?', enter)
    await terminal.answer('Type production', '')
    await terminal.answer('-of-here', `production${enter}`)
    expect(await terminal.over).toBe(0)
    const shown = terminal.shown()
    const lines = shown.slice(shown.indexOf('Type production')).split('\n').slice(1, 3)
    expect(lines.map(line => line[0])).toEqual(['│', '│'])
  }, 120_000)

  test('above the page’s usual amount the number is typed instead of the name', async () => {
    handbook.write('handbook.yaml', `${YAML}  staging: {}\n`)
    handbook.write('ids', 'a\nb\nc\nd\n')
    const terminal = start()
    await terminal.answer('staleAfter', enter)
    await terminal.answer('pin', enter)
    const typist = counted(terminal)
    await typist.answer('Run it?', enter)
    await typist.answer('Type the number', `production${enter}`)
    await terminal.answer('That is not 4', `${'\u007f'.repeat(10)}4${enter}`)
    expect(await terminal.over).toBe(0)
    expect(terminal.shown()).not.toContain('Type production')
  }, 120_000)
})
