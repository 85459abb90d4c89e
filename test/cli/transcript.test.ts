import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { createHandbook } from './handbook.ts'
import { KEYS, startTerminal } from './terminal.ts'

const LONG = 'Look how full the volume of the primary region is, and compare that with what the night job removed'

const PAGE = `---
title: ${LONG}
---

## Diagnose

### ${LONG} <!-- #look-how-full-the-volume-of-the-region-is -->

\`\`\`bash
for word in $(seq 60); do printf 'word '; done; echo
printf 'x%.0s' $(seq 200); echo
hb evidence of-the-volume-in-the-primary-region /dev/null
hb suggest purge "it is 97% full, and was fuller than ever before when the night job of yesterday had ended"
echo percent=97 >> "$STEP_OUTPUT"
\`\`\`

## Mitigate

### Delete the partial uploads that nobody has gone on with for longer than a day <!-- #purge -->

\`\`\`bash risk=danger
printf 'It is done. It had to be done, because there was no room left, and nobody else was there to do it\\n'; [ ! -e FAIL ]
\`\`\`

## Verify

### It works again <!-- #works -->

\`\`\`bash
true
\`\`\`
`
const ENVIRONMENT = 'production-in-the-region-of-the-customer'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  const others = 'staging-in-the-region-of-the-customer: { auto: danger }'
  handbook.write(
    'handbook.yaml',
    `url: https://x.example\nenvironments: { ${ENVIRONMENT}: { auto: danger }, ${others} }\n`,
  )
  handbook.write('runbooks/storage-filling-in-the-primary-region.md', PAGE)
})
afterAll(() => handbook.remove())

const open = (command: string) =>
  startTerminal(`${process.execPath} ${handbook.bundles}/handbook.cjs ${command}`, handbook)

/** The lines of a terminal; what moves its cursor begins a new one. */
function readLines(raw: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  return stripVTControlCharacters(raw.replaceAll(/\u001b\[\d*(?:;\d*)?[A-HJKf]/g, '\n'))
    .replaceAll('\r', '')
    .split('\n')
}

function demandFit(raw: string, about: string): void {
  for (const line of readLines(raw)) {
    // A command to copy is on one line.
    if (/alias handbook=/.test(line)) continue
    if (!/(?:^|\s)(?:node \S+|npx |\S*\/)?handbook (?:run|runs|show|doctor|list) /.test(line))
      expect(line.length, `${about}: ${line}`).toBeLessThanOrEqual(80)
  }
}

describe.runIf(requires('a transcript of 80 columns', ['script']))('a transcript of 80 columns', () => {
  test('no line of any command is wider than the terminal', async () => {
    const page = 'storage-filling-in-the-primary-region'
    const first = open(`run ${page} --env ${ENVIRONMENT} --auto`)
    expect(await first.over).toBe(0)
    demandFit(first.raw(), 'run')
    const text = first.shown()
    expect(text).toMatch(/^Found$/m)
    expect(text.indexOf('\nFound')).toBeLessThan(text.indexOf('\nMitigate'))
    const output = text.split('\n').filter(line => /word word|xxx|had to be done/.test(line))
    expect(output.length).toBeGreaterThan(7)
    for (const line of output) expect(line).toMatch(/^ {4}│ /)
    const [run = ''] = /\d{8}-\d{6}-\w{4}/.exec(text) ?? []
    for (const command of [
      'list',
      'runs list',
      `runs show ${run}`,
      `runs verify ${run}`,
      'runs unreverted',
      'runs reviews',
      'audit',
      `run ${page} --env ${ENVIRONMENT} --dry-run`,
      `run ${page} --env nowhere`,
      `run ${page}x --env ${ENVIRONMENT}`,
      `doctor ${page} --env ${ENVIRONMENT}`,
      'runs show nothing',
    ]) {
      const one = open(command)
      await one.over
      expect(one.shown().trim(), command).not.toBe('')
      demandFit(one.raw(), command)
    }
  }, 120_000)

  test('neither is a question, or what is shown above it', async () => {
    const asked = open(`run storage-filling-in-the-primary-region --env ${ENVIRONMENT}`)
    await asked.answer('Run it?', KEYS.enter)
    await asked.answer('Type ', `${ENVIRONMENT}${KEYS.enter}`)
    expect(await asked.over).toBe(0)
    demandFit(asked.raw(), 'asked')
    expect(asked.shown()).toContain('HEALED')
  }, 60_000)
})
