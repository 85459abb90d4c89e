import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { createHandbook, HANDBOOK } from './handbook.ts'
import { KEYS, startTerminal } from './terminal.ts'

const { enter, down, interrupt } = KEYS

const PAGE = `---
title: It is full
alerts: [ThingFull]
params:
  age: { type: duration, default: 24h, description: How old may go }
  pin: { type: string, secret: true, description: The code of the day }
---

## Diagnose

### Look <!-- #look -->

\`\`\`bash
echo "older than $AGE"
hb suggest shed "it is full"
\`\`\`

## Mitigate

### Shed load <!-- #shed -->

\`\`\`bash
echo "shedding with \${#PIN} characters"
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
test -e works
\`\`\`

## Roll back

### Take load <!-- #take -->

\`\`\`bash undoes=shed
echo "taking load"
\`\`\`
`

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('runbooks/full.md', PAGE)
})
afterEach(() => handbook.remove())

const start = (words: string) =>
  startTerminal(`${process.execPath} ${join(handbook.bundles, 'handbook.cjs')} ${words}`, handbook)

describe.runIf(requires('runs in a terminal', ['script']))('in a terminal', () => {
  test('parameters are asked for, checked as they are typed; a failure is tried again, then rolled back', async () => {
    const terminal = start('run full --env staging')
    await terminal.answer('age: How old may go', `old${enter}`)
    await terminal.answer('Expected a duration such as', `${'\u007f'.repeat(3)}6h${enter}`)
    await terminal.answer('pin: The code of the day', `pin-4711${enter}`)
    await terminal.answer('Run it?', enter)
    await terminal.answer('“Works” did not pass', enter)
    await terminal.answer('“Works” did not pass', `${down}${down}${enter}`)
    expect(await terminal.over).toBe(1)
    const shown = terminal.shown()
    expect(shown).toContain('older than 6h')
    expect(shown).toContain('Step 1 of 1 · Shed load · change in staging')
    expect(shown).toContain('Suggested: it is full')
    expect(shown).toContain('shedding with 8 characters')
    expect(shown).toContain('taking load')
    expect(shown).not.toContain('pin-4711')
    expect(shown).not.toContain('Measures still standing')
  }, 120_000)

  test.each([13, 14, 90])(
    'every line of a block of %i lines is shown before somebody is asked',
    async length => {
      const lines = Array.from({ length }, (_, index) => `echo line ${index}`).join('\n')
      handbook.write('runbooks/full.md', PAGE.replace('echo "shedding', `${lines}\nrm -rf nothing\necho "shedding`))
      const terminal = start('run full --env staging --param age=6h --param pin=abcd')
      await terminal.answer('Run it?', interrupt)
      await terminal.over
      const before = terminal.shown().split('Run it?')[0]
      for (let index = 0; index < length; index++) expect(before).toContain(`│  echo line ${index}\n`)
      expect(before).toContain('│  rm -rf nothing')
      expect(before?.match(/Step 1 of 1 · Shed load · change in staging/g)).toHaveLength(2)
    },
    120_000,
  )

  test('stopped by hand, it is resumed where it was, with its parameters; secret ones are asked for again', async () => {
    const first = start('run full --env staging --param age=6h --param pin=abcd')
    await first.answer('Run it?', interrupt)
    expect(await first.over).toBe(130)
    const [, run = ''] = /handbook runs resume (\S+)/.exec(first.shown()) ?? []
    const second = start(`runs resume ${run}`)
    await second.answer('pin: The code of the day', `efghi${enter}`)
    await second.answer('Done before', '')
    handbook.write('works', '')
    await second.answer('Run it?', enter)
    expect(await second.over).toBe(0)
    expect(second.shown()).toContain('shedding with 5 characters')
    expect(second.shown()).toContain('HEALED')
    expect(second.shown()).not.toContain('older than')
  }, 120_000)

  test('what was typed while nobody asked answers nothing', async () => {
    handbook.write('works', '')
    handbook.write('runbooks/full.md', PAGE.replace('hb suggest', 'echo waiting; sleep 2; hb suggest'))
    const terminal = start('run full --env staging --param age=6h --param pin=abcd')
    await terminal.answer('waiting', `${enter}${down}`)
    await terminal.answer('Run it?', enter)
    expect(await terminal.over).toBe(0)
    expect(terminal.shown()).toContain('shedding with 4 characters')
  }, 120_000)
})
