import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileStore, type RunFact } from '../../../src/journal/index.ts'
import { audit, listHeads } from '../../../src/operate/index.ts'

let cwd: string
const ports = () => ({ cwd, env: { HOME: join(cwd, 'home') } })
const by = { user: 'ann', host: 'ops-1', pid: 7 }
const git = (...args: readonly string[]) => gitAt(undefined, ...args)
const gitAt = (date: string | undefined, ...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=Anna', '-c', 'user.email=a@x.example', ...args], {
    cwd,
    stdio: 'ignore',
    env: { ...process.env, ...(date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }) },
  })

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'handbook-audit-'))
  writeFileSync(join(cwd, 'handbook.yaml'), 'url: https://x.example\nenvironments: { production: {}, staging: {} }\n')
  git('init')
  git('add', 'handbook.yaml')
  git('commit', '-m', 'Who may approve')
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const started: RunFact = {
  type: 'run.started',
  procedure: 'purge',
  path: 'purge.md',
  title: 'Purge',
  environment: 'production',
  target: {},
  params: {},
  contentHash: 'a'.repeat(64),
  by,
  mode: 'auto',
  steps: [],
  breakGlass: 'nobody answers',
}

async function keepRun(id: string, more: readonly RunFact[] = []): Promise<string> {
  const writer = await createFileStore(join(cwd, '.handbook/runs')).begin(id, by)
  const facts: readonly RunFact[] = [
    started,
    ...more,
    {
      type: 'step.started',
      step: 'drop',
      title: 'Drop',
      phase: 'mitigate',
      risk: 'danger',
      attempt: 1,
      blockHash: 'b',
    },
    { type: 'step.unapproved', step: 'drop', reason: 'nobody answers', by },
    { type: 'run.finished', outcome: 'passed', seconds: 1, standing: [], rollBack: [] },
  ]
  for (const fact of facts) await writer.append(fact).kept
  await writer.close()
  return writer.head()
}

test('what was done is listed with its run and time, from all that is kept', async () => {
  const head = await keepRun('20261122-031502-k7f2')
  const { entries, unread } = await audit({ since: '1h' }, ports())
  expect(unread).toEqual([])
  expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(['roles', 'break-glass', 'danger']))
  expect(entries.find(({ kind }) => kind === 'danger')).toMatchObject({
    run: '20261122-031502-k7f2',
    by: 'ann@ops-1',
    environment: 'production',
    time: expect.stringMatching(/Z$/),
  })
  expect((await audit({ since: '1h', environment: 'staging' }, ports())).entries.map(({ kind }) => kind)).toEqual([
    'roles',
  ])
  expect((await audit({ since: '2999-01-01' }, ports())).entries).toEqual([])
  expect(await listHeads(undefined, ports())).toMatchObject({
    heads: [{ run: '20261122-031502-k7f2', head, events: 4 }],
    unread: [],
  })
  await expect(audit({ since: 'soon' }, ports())).rejects.toThrow('--since soon is no time')
})

test('what cannot be read is named: it is not nothing', async () => {
  await keepRun('20261122-031502-k7f2')
  appendFileSync(join(cwd, '.handbook/runs/20261122-031502-k7f2/ledger.ndjson'), 'somebody wrote here\n')
  mkdirSync(join(cwd, '.handbook/unlocked.ndjson'))
  rmSync(join(cwd, '.git'), { recursive: true })
  const { unread } = await audit({ since: '1h' }, ports())
  expect(unread).toEqual([
    expect.stringContaining('line 5 of its ledger'),
    expect.stringContaining('the locks that were cleared'),
    expect.stringContaining('git has no history'),
  ])
})

test('an audit says which names are only claimed, and lists later reviews', async () => {
  const run = '20261122-031502-k7f2'
  await keepRun(run, [{ type: 'run.claimed', person: 'carl', by }])
  const review = { by: { user: 'dora', host: 'ops-2', pid: 8 }, time: new Date().toISOString(), says: 'it was right' }
  await createFileStore(join(cwd, '.handbook/runs')).review(run, 'drop', review)
  const { entries } = await audit({ since: '1h' }, ports())
  expect(entries.find(({ kind }) => kind === 'danger')?.by).toBe('carl, as ann@ops-1 claimed')
  expect(entries.find(({ kind }) => kind === 'review')).toMatchObject({
    by: 'dora@ops-2',
    what: 'purge #drop: it was right',
    run,
  })
})

test('a run of which nothing can be read has no head, and that is said', async () => {
  await keepRun('20261122-031502-k7f2')
  await keepRun('20261122-031503-k7f3')
  appendFileSync(join(cwd, '.handbook/runs/20261122-031502-k7f2/ledger.ndjson'), 'somebody wrote here\n')
  const { heads, unread } = await listHeads(undefined, ports())
  expect(heads.map(({ run }) => run)).toEqual(['20261122-031503-k7f3'])
  expect(unread).toEqual([expect.stringContaining('20261122-031502-k7f2')])
})

test('a change of roles counts from when it came in here, whenever it was written', async () => {
  const write = (text: string) => {
    writeFileSync(join(cwd, 'handbook.yaml'), `url: https://x.example\nenvironments: { production: {} }\n# ${text}\n`)
    git('add', 'handbook.yaml')
  }
  git('checkout', '-q', '-b', 'side')
  write('merged')
  gitAt('2020-01-01T00:00:00Z', 'commit', '-m', 'Written long ago')
  git('checkout', '-q', '-')
  git('merge', '--no-ff', '-m', 'Merged today', 'side')
  write('dated back')
  git('commit', '--date', '2020-01-01T00:00:00Z', '-m', 'Dated back')
  const { entries } = await audit({ since: '1h' }, ports())
  expect(entries.map(({ what }) => what.replace(/^\w+ /, '')).toSorted()).toEqual([
    'Dated back',
    'Merged today',
    'Who may approve',
  ])
})

test('runs that were pruned or removed are not nothing', async () => {
  const [pruned, removed, last] = ['20261122-031502-k7f2', '20261122-031503-k7f3', '20261122-031504-k7f4']
  const store = createFileStore(join(cwd, '.handbook/runs'))
  const review = { by, time: new Date().toISOString(), says: 'right' }
  for (const run of [pruned, removed]) {
    await keepRun(run)
    await store.review(run, 'drop', review)
  }
  const heads = await store.heads()
  await keepRun(last)
  const before = new Date(Date.now() + 1000)
  rmSync(join(cwd, '.handbook/runs', removed), { recursive: true })
  const left = await store.prune({ before, by: { ...by, user: 'eve' }, now: new Date(), dryRun: false })
  expect([heads.length, left.pruned.length]).toEqual([2, 1])
  const { entries, unread } = await audit({ since: '1h' }, ports())
  expect(entries.find(({ kind }) => kind === 'pruned')).toMatchObject({
    by: 'eve@ops-1',
    run: pruned,
    environment: 'production',
    what: 'purge, passed',
  })
  expect(unread).toEqual([`run ${pruned}, which was pruned`])
})

test('a lock that was cleared in a shared folder is listed', async () => {
  const lock = join(cwd, 'locks')
  mkdirSync(lock)
  writeFileSync(join(cwd, 'handbook.yaml'), `url: https://x.example\nenvironments: { production: { lock: locks } }\n`)
  mkdirSync(join(lock, 'locks/purge@production'), { recursive: true })
  writeFileSync(join(lock, 'locks/purge@production/1'), 'damaged')
  await createFileStore(join(lock, 'runs')).unlock({ procedure: 'purge', environment: 'production' }, by, 'nobody runs')
  const { entries } = await audit({ since: '1h' }, ports())
  expect(entries.find(({ kind }) => kind === 'unlocked')).toMatchObject({ what: 'the lock of purge: nobody runs' })
})

test.each(['7', '1', '2026', '30', '2026-02-31', '', '-1d', '7 days', 'Nov 1'])(
  '--since %s is no time',
  async since => {
    await expect(audit({ since }, ports())).rejects.toThrow(`--since ${since} is no time`)
  },
)

test.each(['1d', '1h30m', '2026-11-01', '2026-11-01T03:15', '2026-11-01T03:15:00Z', '2026-11-01T03:15:00+02:00'])(
  '--since %s is a time',
  async since => {
    expect((await audit({ since }, ports())).since).toMatch(/^\d{4}-.*Z$/)
  },
)
test('an environment that nobody knows is no answer', async () => {
  await keepRun('20261129-120000-aaaa')
  await expect(audit({ since: '10000d', environment: 'productoin' }, ports())).rejects.toThrow(
    'handbook.yaml has no environment productoin',
  )
  writeFileSync(join(cwd, 'handbook.yaml'), 'url: https://x.example\nenvironments: { staging: {} }\n')
  expect((await audit({ since: '10000d', environment: 'production' }, ports())).entries).not.toEqual([])
})
