import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHandbook, HANDBOOK } from './handbook.ts'

const SPOOF = '\u001b]52;c;YQ==\u0007\u001b]0;fine\u0007\u001b[1A\u001b[2K\u009b2J\rpassed\u202egood\u2066\u200b'
const PAGE = `---
title: "Title ${SPOOF.replaceAll('\u001b', '\\e').replaceAll('\u0007', '\\a').replaceAll('\u009b', '\\x9b').replaceAll('\r', '\\r')}"
id: spoof
reviewed: 2026-11-01
params:
  word: { description: "A ${'\\e'}]0;x${'\\a'}word", default: "w\u202e" }
---

## Procedure

### Look\u202e at it <!-- #look -->

${'```'}bash
# \u202e${'\u001b'}[2J
printf '%b' '${'\\033'}]52;c;YQ==${'\\007'}${'\\033'}[1A${'\\033'}[2Kpassed${'\\r'}ok${'\\033'}[8mhidden\n'
printf 'value=%b\n' 'a${'\\033'}[2Jb\u202e' >> "$STEP_OUTPUT"
hb evidence 'report' "$0" || true
${'```'}

### Not now <!-- #not -->

${'```'}bash
hb skip "$(printf 'why ${'\\033'}]0;x${'\\007'}\u202e')"
${'```'}

### It fails <!-- #fails -->

${'```'}ts
throw new Error('no \u001b[2J\u202e' + String.fromCharCode(27) + '[1A')
${'```'}
`

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('runbooks/spoof.md', PAGE)
  const { stdout, stderr } = await handbook.run('run', 'spoof', '--env', 'staging', '--auto')
  expect(stdout, stderr).toContain('FAILED')
})
afterAll(() => handbook.remove())

/** What a terminal would obey, and what hides or reorders text; colours, tabs and ends of lines are fine. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /\u001b(?!\[[0-9;:]*m)|[\0-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u200b\u202e\u2066]/u

/** A lab for which every word is foreign text. */
const LAB = `const word = ${JSON.stringify(`x${SPOOF}`)}
exports.lab = {
  profile: { name: word },
  faults: [{ name: word, title: word }],
  async up({ directory, log }) { log(word); exports.up = true; return { ended: Promise.resolve() } },
  async down() { return 'ended' },
  async status() { return { faults: [word], places: { [word]: word }, target: { url: 'http://x' } } },
  async break() {},
  async heal() { if (process.env.CANNOT) throw new Error(word) },
}
`

describe.each([[{}], [{ CANNOT: '1' }]])('nothing that a lab says is obeyed, with %j', env => {
  test.each([
    ['lab', 'up'],
    ['lab', 'status'],
    ['lab', 'break', `x${SPOOF}`],
    ['lab', 'break', `y${SPOOF}`],
    ['lab', 'heal'],
    ['lab', 'heal', `x${SPOOF}`],
    ['lab', 'down'],
    ['lab', 'down', '--directory', `x${SPOOF}`],
    ['drill', `x${SPOOF}`],
    ['drill', 'odd'],
  ])('handbook %j %j', async (...args) => {
    handbook.write('lab.cjs', LAB)
    handbook.write('handbook.yaml', `lab: { module: ./lab.cjs }\n${HANDBOOK}`)
    handbook.write(
      'runbooks/odd.md',
      `${PAGE.replace('id: spoof', 'id: odd\nalerts: [Odd]\ndrills: [{ fault: "x\\e[2J" }]')}`,
    )
    const { stdout, stderr } = await handbook.runWith(env, ...args)
    expect(stdout + stderr).not.toBe('')
    for (const text of [stdout, stderr]) expect(OBEYED.exec(text)?.[0] ?? '', text).toBe('')
  })
})

test.each([
  ['run', 'spoof', '--env', 'staging', '--auto'],
  ['run', 'spoof', '--env', 'staging', '--dry-run'],
  ['run', 'spoof', '--env', 'staging'],
  ['run', `sp${SPOOF}oof`, '--env', 'staging'],
  ['run', 'spoof', '--env', `st${SPOOF}aging`],
  ['run', 'spoof', '--env', 'staging', '--from', `x${SPOOF}`],
  ['runs', 'show', 'RUN'],
  ['runs', 'list'],
  ['runs', 'show', `x${SPOOF}`],
  ['runs', 'resume', 'RUN', '--auto'],
  ['runs', 'export', 'RUN', '--format', 'html'],
  ['runs', 'export', 'RUN'],
  ['list'],
  ['show', 'spoof'],
  ['check', 'runbooks/spoof.md'],
  [`che${SPOOF}ck`],
])('nothing that is printed is obeyed: handbook %j %j', async (...args) => {
  const list = await handbook.run('runs', 'list', '--json')
  const run: string = JSON.parse(list.stdout).runs[0].id
  const { stdout, stderr } = await handbook.run(...args.map(word => (word === 'RUN' ? run : word)))
  expect(stdout + stderr).not.toBe('')
  for (const text of [stdout, stderr]) expect(OBEYED.exec(text)?.[0] ?? '', text).toBe('')
})

describe('data for scripts has no such sign either, and says the same', () => {
  test.each([
    ['run', 'spoof', '--env', 'staging', '--auto', '--json'],
    ['run', 'spoof', '--env', 'staging', '--dry-run', '--json'],
    ['show', 'spoof', '--json'],
    ['list', '--json'],
    ['runs', 'list', '--json'],
    ['check', '--format', 'json'],
    ['check', '--format', 'sarif'],
    ['check', '--format', 'junit'],
  ])('%s %s %s', async (...words) => {
    const { stdout } = await handbook.run(...words)
    expect(stdout).not.toMatch(OBEYED)
    if (!['check', 'runs'].includes(words[0]))
      expect(
        JSON.stringify(
          stdout
            .trim()
            .split('\n')
            .map(line => JSON.parse(line)),
        ),
      ).toContain('\u202e')
  })
})
