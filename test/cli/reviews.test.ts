import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHandbook } from './handbook.ts'

const PAGE = `---
title: Purge
---

## Procedure

### Which are stale <!-- #stale -->

\`\`\`bash risk=read
{ echo "ids<<END"; cat ids; echo END; } >> "$STEP_OUTPUT"
\`\`\`

### Purge <!-- #purge -->

\`\`\`bash risk=danger touches=stale irreversible="they are gone"
cp ids gone
\`\`\`
`

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write(
    'handbook.yaml',
    `url: https://x.example
environments:
  production:
    auto: danger
    protected: true
    sharedAccount: true
    roles: { on-call: [ben, carl] }
    approvedBeforehand: [{ page: purge, step: purge, role: on-call, max: 2 }]
    approvers: { anna: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq8f3hV0o6uE1m0wq5r8x2n4m7c9k1p3s5u7w9y1A3b }
`,
  )
  handbook.write('docs/purge.md', PAGE)
  handbook.write('ids', 'a\nb\n')
})
afterEach(() => handbook.remove())

const run = (...more: string[]) => handbook.run('run', 'purge', '--env', 'production', '--auto', ...more)
const idOf = (stdout: string) => /run (\d{8}-\S+)/.exec(stdout)?.[1] ?? ''

test('a capped step that is approved beforehand for a role runs at once, and opens a review', async () => {
  const done = await run('--as', 'ben')
  expect(done).toMatchObject({ exitCode: 0 })
  expect(done.stdout).toContain('approved by production beforehand, for on-call')
  const id = idOf(done.stdout)
  const open = await handbook.run('runs', 'reviews')
  expect(open.exitCode).toBe(1)
  expect(open.stdout).toContain('approved by production beforehand, for on-call')
  expect(open.stdout).toContain(`handbook runs review ${id} purge --says TEXT`)
  expect(open.stdout).toContain('1 review open')
  const old = await handbook.run('runs', 'reviews', '--since', '0s')
  expect(old.stdout).toContain('1 review open')
  const prune = await handbook.run('runs', 'prune', '--older-than', '0s')
  expect(prune.stdout).toContain('stays: nobody has reviewed #purge')
  expect(await handbook.run('runs', 'review', id, 'stale', '--says', 'x')).toMatchObject({ exitCode: 2 })
  expect(await handbook.run('runs', 'review', id, 'purge', '--says', ' ')).toMatchObject({ exitCode: 2 })
  for (const as of [[], ['--as', 'ben'], ['--as', 'Ben']]) {
    const own = await handbook.run('runs', 'review', id, 'purge', '--says', 'mine', ...as)
    expect(own).toMatchObject({ exitCode: 3 })
    expect(own.stderr.replaceAll(/\s+/g, ' ')).toContain('ran #purge, so another person reviews it: anna, carl')
  }
  expect(await handbook.run('runs', 'review', id, 'purge', '--says', 'they were stale', '--as', 'anna')).toMatchObject({
    exitCode: 0,
  })
  expect((await handbook.run('audit', '--since', '1h')).stdout).toMatch(/anna, as \S+ claimed/)
  const closed = await handbook.run('runs', 'reviews')
  expect(closed.exitCode).toBe(0)
  expect(closed.stdout).toContain('they were stale')
  expect(closed.stdout).toContain('No review is open')
}, 120_000)

test.each([
  [
    'more than it may touch',
    ['--as', 'ben'],
    'a\nb\nc\n',
    /approved beforehand for on-call, but it would touch 3, and 2 at most are/,
  ],
  ['somebody without the role', ['--as', 'dora'], 'a\n', undefined],
])(
  '%s wants an approval all the same; a broken glass opens a review, and more than a tenth is said',
  async (_, as, ids, why) => {
    handbook.write('ids', ids)
    const done = await run(...as, '--break-glass', 'nobody answers')
    expect(done.stdout).toContain('BREAK GLASS by')
    if (why) expect(done.stdout.replaceAll(/\s+/g, ' ')).toMatch(why)
    const { exitCode, stdout } = await handbook.run('runs', 'reviews', '--since', '7d')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/broken glass by \S+@\S+: nobody answers/)
    expect(stdout).toContain(
      '1 of 1 danger that needed an approval ran without one, by --break-glass: more than a tenth',
    )
    expect(
      await handbook.run('runs', 'review', idOf(done.stdout), 'purge', '--says', 'right', '--as', 'anna'),
    ).toMatchObject({
      exitCode: 0,
    })
    const { open, tooMany, items } = JSON.parse((await handbook.run('runs', 'reviews', '--json')).stdout)
    expect([open, tooMany]).toEqual([0, true])
    expect(items[0]).toMatchObject({ why: 'break-glass', step: 'purge', review: { says: 'right' } })
  },
  120_000,
)

test('a team of one reviews its own step, and the audit says so', async () => {
  handbook.write(
    'handbook.yaml',
    'url: https://x.example\nenvironments: { production: { auto: danger, protected: true } }\n',
  )
  const id = idOf((await run('--break-glass', 'alone')).stdout)
  const own = await handbook.run('runs', 'review', id, 'purge', '--says', 'right')
  expect(own).toMatchObject({ exitCode: 0 })
  expect(own.stdout).toContain('by who ran it: this environment names nobody else')
  expect((await handbook.run('audit', '--since', '1h')).stdout.replaceAll(/\s+/g, ' ')).toContain(
    'their own step, and nobody else was named',
  )
}, 60_000)

test('a time that is none is refused', async () => {
  expect(await handbook.run('runs', 'reviews', '--since', 'lately')).toMatchObject({ exitCode: 2 })
}, 60_000)

test('check finds a role that nobody has', async () => {
  handbook.write(
    'handbook.yaml',
    `url: https://x.example
environments:
  production: { approvedBeforehand: [{ page: purge, step: purge, role: on-call, max: 2 }] }
`,
  )
  const { exitCode, stdout } = await handbook.run('check')
  expect(exitCode).toBe(1)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('expected every role of approvedBeforehand under roles')
}, 60_000)
