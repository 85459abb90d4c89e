import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../execute/living.ts'
import { createHandbook, readEvents } from './handbook.ts'

const PAGE =
  '---\ntitle: It is slow\n---\n\n## Procedure\n\n### Wait <!-- #wait -->\n\n```bash risk=change\ntouch "$TARGET_MARK"\nwhile [ ! -e "$TARGET_MARK.go" ]; do sleep 0.05; done\n```\n'

let one: Awaited<ReturnType<typeof createHandbook>>
let two: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  one = await createHandbook()
  two = await createHandbook()
  const shared = join(one.root, 'shared')
  mkdirSync(shared)
  for (const clone of [one, two]) {
    const target = `target: { mark: "${join(clone.root, 'mark')}" }`
    clone.write(
      'handbook.yaml',
      `url: https://x.example
target: { mark: { type: string, description: what is made } }
environments:
  production: { auto: change, lock: "${shared}", ${target} }
  gone: { auto: change, lock: /nowhere/locks, ${target} }
  staging: { auto: change, ${target} }
`,
    )
    clone.write('runbooks/slow.md', PAGE)
  }
})
afterAll(async () => {
  await one.remove()
  await two.remove()
})

const go = (clone: typeof one) => writeFileSync(join(clone.root, 'mark.go'), '')
const isThere = (file: string) => {
  try {
    return readFileSync(file, 'utf8') === ''
  } catch {
    return false
  }
}

test('two clones exclude each other where the environment names a shared folder', async () => {
  go(two)
  const first = one.run('run', 'slow', '--env', 'production', '--auto', '--json')
  expect(await eventually(() => isThere(join(one.root, 'mark')))).toBe(true)
  const second = await two.run('run', 'slow', '--env', 'production', '--auto')
  expect(second.exitCode).toBe(3)
  expect(second.stdout).toMatch(/is\s+changing\s+this\s+already/)
  expect(second.stdout).not.toContain('not excluded')
  two.write('runbooks/other.md', PAGE)
  const beside = await two.run('run', 'other', '--env', 'production', '--auto')
  expect(beside.stdout).toMatch(/this run goes on beside run \S+ of “slow”/)
  // Its run is not among the other clone's.
  expect(second.stdout.replaceAll(/\s+/g, '')).toContain(`tostopit,in${one.cwd}:handbookrunscancel`)
  go(one)
  const { stdout, exitCode } = await first
  expect(exitCode).toBe(0)
  expect(stdout).not.toContain('not excluded')
  expect((await two.run('run', 'slow', '--env', 'production', '--auto')).exitCode).toBe(0)
}, 60_000)

test.each(['staging', 'gone'])(
  'where they do not, the run says so: at its start, in its record and in its export (%s)',
  async environment => {
    go(one)
    const { stdout, exitCode } = await one.run('run', 'slow', '--env', environment, '--auto', '--json')
    expect(exitCode).toBe(0)
    const events = readEvents(stdout)
    expect(
      events.some(
        event => event.type === 'run.warned' && event.message.startsWith('not excluded: runs of other checkouts'),
      ),
    ).toBe(true)
    const run = events[0]?.run ?? ''
    expect((await one.run('runs', 'show', run)).stdout).toContain('not excluded')
    for (const format of ['markdown', 'html', 'json'])
      expect((await one.run('runs', 'export', run, '--format', format)).stdout, format).toContain('not excluded')
  },
)

test('a lock that nobody can be seen to hold is cleared by a command, which the hint names', async () => {
  go(two)
  const folder = join(one.root, 'shared/locks/slow@production')
  const held = {
    user: 'anna',
    host: 'burnt-down',
    pid: 1,
    run: '20261122-031502-k7f2',
    since: '2026-11-22T03:15:00.000Z',
  }
  writeFileSync(join(folder, '99'), JSON.stringify(held))
  const refused = await two.run('run', 'slow', '--env', 'production', '--auto')
  expect(refused.exitCode).toBe(3)
  const [command = ''] = /handbook runs unlock \S+ --env \S+ --reason WHY/.exec(refused.stdout) ?? []
  expect(command).toBe('handbook runs unlock slow --env production --reason WHY')
  const cleared = await two.run(
    ...command.replace('WHY', 'it burnt down').split(' ').slice(1, 6),
    '--reason',
    'it burnt down',
  )
  expect(cleared.stdout).toContain('anna@burnt-down')
  expect(cleared.exitCode).toBe(0)
  expect((await two.run('run', 'slow', '--env', 'production', '--auto')).exitCode).toBe(0)
})
