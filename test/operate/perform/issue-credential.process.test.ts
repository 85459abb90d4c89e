import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createHandbook, readEvents } from '../../cli/handbook.ts'
import { KEYS, startTerminal } from '../../cli/terminal.ts'
import { requires } from '../../environment/requires.ts'

const { enter } = KEYS

/** It looks without a credential, and mends with one, in both languages. */
const PAGE = `---
title: It is full
alerts: [ThingFull]
---

## Diagnose

### Look <!-- #look -->

\`\`\`bash
echo "to look: \${DEPLOY-none}"
hb suggest mend "it is full"
hb suggest more "it is full"
\`\`\`

## Mitigate

### Mend <!-- #mend -->

\`\`\`bash retries=1 every=10ms
echo "mends with $DEPLOY"
sha256sum <<< "$DEPLOY" >> used
test "$(wc -l < used)" -ge 2
\`\`\`

### Mend more <!-- #more -->

\`\`\`ts timeout=4m
fs.appendFileSync('used-by-ts', (await $({ input: secret('deploy') + '\\n' })\`sha256sum\`).stdout)
echo('in ts', secret('deploy'), process.env.DEPLOY)
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
echo "to verify: \${DEPLOY-none}"
\`\`\`
`

/** It notes what it is asked, and issues another credential each time, unless there is a file \`no\`. */
const ISSUER = `#!/bin/bash
env | grep ^HANDBOOK_ | sort > "ask.$HANDBOOK_STEP.$(ls ask.* 2>/dev/null | wc -l)"
if test -e no; then echo "half-a-credential"; echo "asked anna"; echo "anna has not agreed" >&2; exit 3; fi >&2
credential="issued-$(tr -dc a-z0-9 < /dev/urandom | head -c 24)"
sha256sum <<< "$credential" >> issued
echo "$credential"
`

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  onTestFinished(() => handbook.remove())
  setUp('lifetime: 5m')
})

function setUp(lifetime: string) {
  const source = `{ issue: "bash issuer.sh", ${lifetime} }`
  handbook.write(
    'handbook.yaml',
    `url: https://ops.example\nenvironments: { production: { auto: change, secrets: { deploy: ${source} } } }\n`,
  )
  handbook.write('runbooks/full.md', PAGE)
  handbook.write('issuer.sh', ISSUER)
}

const read = (file: string) => readFileSync(join(handbook.cwd, file), 'utf8')
const list = async (what: string) => (await handbook.shell(what)).stdout.trim().split('\n').filter(Boolean)

test('each try of a step that changes something gets a credential of its own, which is shown and kept nowhere', async () => {
  const { stdout, exitCode } = await handbook.runWith(
    { HANDBOOK_SIGNATURE: 'of the caller' },
    ...['run', 'full', '--env', 'production', '--auto', '--as', 'carla', '--json'],
  )
  const events = readEvents(stdout)
  expect(exitCode, stdout).toBe(0)
  expect(events.at(-1)).toMatchObject({ outcome: 'healed' })
  // Twice for two tries of one step, once for the other; never for a step that reads.
  expect(await list('ls ask.*')).toEqual(['ask.mend.0', 'ask.mend.1', 'ask.more.2'])
  expect(read('issued')).toBe(read('used') + read('used-by-ts'))
  const [start] = events
  const begun = events.find(event => event.type === 'step.started' && event.step === 'mend')
  expect(read('ask.mend.0').split('\n')).toEqual(
    expect.arrayContaining([
      'HANDBOOK_SECRET=deploy',
      'HANDBOOK_PERSON=carla',
      `HANDBOOK_ACCOUNT=${start?.type === 'run.started' && start.by.user}`,
      `HANDBOOK_RUN=${start?.run}`,
      'HANDBOOK_PAGE=runbooks/full.md',
      'HANDBOOK_STEP=mend',
      `HANDBOOK_BLOCK=${begun?.type === 'step.started' && begun.blockHash}`,
      'HANDBOOK_ENVIRONMENT=production',
      'HANDBOOK_SECONDS=300',
      // The caller's own variables are no approval.
      'HANDBOOK_SIGNATURE=',
    ]),
  )
  const output = events.flatMap(event => (event.type === 'step.output' ? [event.text] : [])).join('')
  expect(output).toContain('to look: none')
  expect(output).toContain('mends with [redacted]')
  expect(output).toContain('in ts [redacted] [redacted]')
  expect(output).toContain('to verify: none')
  expect(stdout).not.toContain('issued-')
  expect(await list(`grep -rl 'issued-[a-z0-9]' ${handbook.root} /dev/shm`)).toEqual([])
}, 60_000)

test('without a credential the step does not begin, and the reason is told, not what was printed', async () => {
  handbook.write('no', '')
  const { stdout, exitCode } = await handbook.run('run', 'full', '--env', 'production', '--auto', '--json')
  expect(exitCode).toBe(1)
  const ended = readEvents(stdout).find(event => event.type === 'step.finished' && event.step === 'mend')
  expect(ended).toMatchObject({
    status: 'failed',
    begun: false,
    error: {
      message:
        'no credential was issued: The secret deploy of production cannot be had: its command ended with exit code 3: anna has not agreed',
    },
  })
  // A refusal is an answer: it is not asked for once more by itself, and nothing is left to revert.
  expect(await list('ls ask.*')).toHaveLength(1)
  expect(await list('ls used')).toEqual([])
  expect(readEvents(stdout).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'failed', standing: [] })
  expect(stdout).not.toContain('half-a-credential')
}, 60_000)

test('a step that may outlast its credential does not begin', async () => {
  setUp('lifetime: 30s')
  const { stdout, exitCode } = await handbook.run('run', 'full', '--env', 'production', '--auto')
  expect(exitCode).toBe(1)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('it may take 5 min, and its credential deploy lasts 30 s')
  expect(await list('ls ask.* used')).toEqual([])
}, 60_000)

test('only a secret of changes is issued, and only what is issued has a lifetime', async () => {
  for (const [source, says] of [
    ['{ issue: x, for: read }', 'for: change'],
    ['{ issue: x, file: y }', 'exactly one of env,'],
    ['{ file: x, lifetime: 5m }', 'lifetime is of what is issued'],
    ['{ issue: "" }', 'The issue of the secret deploy'],
  ]) {
    handbook.write(
      'handbook.yaml',
      `url: https://ops.example\nenvironments: { production: { secrets: { deploy: ${source} } } }\n`,
    )
    const { stdout, exitCode } = await handbook.run('check')
    expect(exitCode, source).toBe(1)
    expect(stdout, source).toContain(says)
  }
}, 60_000)

describe.runIf(requires('a credential that is refused at first', ['script']))('in a terminal', () => {
  test('a step whose credential was refused is tried again', async () => {
    handbook.write('no', '')
    const command = `${process.execPath} ${join(handbook.bundles, 'handbook.cjs')} run full --env production`
    const terminal = startTerminal(command, handbook)
    await terminal.answer('Run it?', enter)
    await terminal.answer('no credential was issued', '')
    await handbook.shell('rm no')
    await terminal.answer('“Mend” did not pass', enter)
    await terminal.answer('Run it?', enter)
    expect(await terminal.over).toBe(0)
    expect(terminal.shown()).toContain('HEALED')
    expect(await list('ls ask.*')).toHaveLength(4)
  }, 90_000)
})
