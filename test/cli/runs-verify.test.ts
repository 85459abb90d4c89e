import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHandbook, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', 'url: https://x.example\nenvironments: { here: { auto: danger } }\n')
  handbook.write('docs/guide.md', '---\ntitle: Guide\n---\n## Procedure\n### Say\n```bash\necho hello\n```\n')
})
afterAll(() => handbook.remove())

async function perform(): Promise<string> {
  const { stdout } = await handbook.run('run', 'docs/guide.md', '--env', 'here', '--auto', '--json')
  return readEvents(stdout)[0]?.run ?? ''
}

async function exportTo(name: string, run: string, format: string): Promise<string> {
  const { stdout } = await handbook.run('runs', 'export', run, '--format', format)
  writeFileSync(join(handbook.cwd, name), stdout)
  return name
}

function remake(run: string): void {
  const file = join(handbook.cwd, '.handbook/runs', run, 'ledger.ndjson')
  let chain = ''
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => {
      const written = line.replace(/,"chain":"[0-9a-f]{64}"\}$/, '}').replaceAll('hello', 'help!')
      chain = createHash('sha256').update(chain).update(written).digest('hex')
      return `${written.slice(0, -1)},"chain":"${chain}"}\n`
    })
  writeFileSync(file, lines.join(''))
}

test('verified is said only with the words against what, and what was made anew is found', async () => {
  const first = await perform()
  const alone = await handbook.run('runs', 'verify', first)
  expect(alone).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('consistent, not anchored') })
  expect((await handbook.run('runs', 'show', first)).stdout).toContain('ledger consistent, not anchored')

  const formats = ['markdown', 'html', 'json', 'ndjson', 'junit']
  const files = await Promise.all(formats.map(format => exportTo(`run.${format}`, first, format)))
  for (const file of files) {
    const { exitCode, stdout, stderr } = await handbook.run('runs', 'verify', first, '--against', file)
    expect(stdout, stderr).toContain(`verified against the head that ${file} has`)
    expect(exitCode).toBe(0)
  }

  const second = await perform()
  expect((await handbook.run('runs', 'show', first)).stdout).toContain(`head that run ${second} has`)
  const all = JSON.parse((await handbook.run('runs', 'verify', '--json')).stdout)
  expect(all).toMatchObject({
    runs: [
      { run: second, check: { state: 'consistent' } },
      { run: first, check: { state: 'anchored' } },
    ],
  })

  for (const [words, message] of [
    [[second, '--against', 'run.json'], `is not of run ${second}`],
    [[second, '--head', 'nonsense'], 'is no head'],
    [[second, '--against', 'gone.json'], 'cannot be read'],
    [[second, '--against', 'handbook.yaml'], 'has no head'],
    [['--head', '0'.repeat(64)], 'A head is of one run'],
    [['gone'], 'There is no run gone'],
  ] as const)
    expect(await handbook.run('runs', 'verify', ...words)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(message),
    })

  remake(first)
  for (const words of [
    ['verify'],
    ['verify', first],
    ['show', first],
    ['export', first],
    ['verify', first, '--against', 'run.html'],
  ]) {
    const { exitCode, stdout, stderr } = await handbook.run('runs', ...words)
    expect(exitCode, words.join(' ')).toBe(1)
    expect(`${stdout}${stderr}`.replaceAll(/\s+/g, ' '), words.join(' ')).toMatch(/contradicted/)
  }
  expect((await handbook.run('runs', 'export', first, '--format', 'junit')).stdout).toContain('failures="1"')
})

test('heads that a log store has find what was made anew, cut, removed or pruned', async () => {
  const runs = [await perform(), await perform(), await perform(), await perform(), await perform()]
  const [whole = '', short = '', pruned = '', anew = '', removed = ''] = runs
  const { stdout: heads } = await handbook.run('audit', 'heads')
  const kept = runs.map(run => heads.split('\n').find(line => line.includes(run)) ?? '')
  writeFileSync(join(handbook.cwd, 'heads.ndjson'), kept.map(line => `Nov 29 ops-1 handbook: ${line}\n`).join(''))
  const verify = async (...words: readonly string[]) => {
    const { exitCode, stdout } = await handbook.run('runs', 'verify', ...words, '--heads', 'heads.ndjson', '--json')
    const found: { readonly runs: readonly { readonly run: string; readonly check: { readonly state: string } }[] } =
      JSON.parse(stdout)
    return { exitCode, states: new Map(found.runs.map(({ run, check }) => [run, check.state])) }
  }
  expect((await verify(whole)).exitCode).toBe(0)
  expect((await verify(whole)).states.get(whole)).toBe('anchored')

  const folder = (run: string) => join(handbook.cwd, '.handbook/runs', run)
  // No later run here remembers these two: only the log store knows.
  rmSync(folder(removed), { recursive: true })
  remake(anew)
  cut(short)
  const old = {
    run: pruned,
    procedure: 'guide',
    environment: 'here',
    outcome: 'passed',
    head: JSON.parse(kept[2] ?? '').head,
  }
  const times = {
    started: '2026-11-22T03:15:00.000Z',
    finished: '2026-11-22T03:16:00.000Z',
    pruned: '2026-11-29T03:16:00.000Z',
  }
  rmSync(folder(pruned), { recursive: true })
  appendFileSync(
    join(handbook.cwd, '.handbook/pruned.ndjson'),
    `${JSON.stringify({ ...old, ...times, by: { user: 'ann', host: 'ops-1', pid: 1 } })}\n`,
  )
  for (const [run, state, exitCode] of [
    [whole, 'anchored', 0],
    [anew, 'contradicted', 1],
    [short, 'contradicted', 1],
    [removed, 'lost', 1],
    [pruned, 'pruned', 0],
  ] as const) {
    const one = await verify(run)
    expect([one.states.get(run), one.exitCode]).toEqual([state, exitCode])
  }
  const all = await verify()
  expect(all.exitCode).toBe(1)
  expect(runs.map(run => all.states.get(run))).toEqual(['anchored', 'contradicted', 'pruned', 'contradicted', 'lost'])

  writeFileSync(join(handbook.cwd, 'heads.ndjson'), `${kept[0]}\nnothing\n`)
  for (const [words, message] of [
    [[], 'Line 2 of heads.ndjson has no head'],
    [['--head', '0'.repeat(64), whole], 'Give one of them'],
  ] as const)
    expect(await handbook.run('runs', 'verify', ...words, '--heads', 'heads.ndjson')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(message),
    })
}, 60_000)

/** Cuts the end off a ledger at a line's end, so that its chain still holds. */
function cut(run: string): void {
  const file = join(handbook.cwd, '.handbook/runs', run, 'ledger.ndjson')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  writeFileSync(file, `${lines.slice(0, 3).join('\n')}\n`)
}

/** Puts another run's ledger in the place of a run's own. */
function exchange(run: string, other: string): void {
  const file = (id: string) => join(handbook.cwd, '.handbook/runs', id, 'ledger.ndjson')
  writeFileSync(file(run), readFileSync(file(other)))
}

test.each([
  ['made anew', (run: string) => remake(run), 3, 'contradicted'],
  ['cut', (run: string) => cut(run), 3, 'contradicted'],
  ['one of another run', (run: string, other: string) => exchange(run, other), 2, 'Line 1 of the ledger'],
])('a run is neither resumed nor rolled back when its ledger is %s', async (_, spoil, exitCode, why) => {
  handbook.write(
    'docs/change.md',
    '---\ntitle: Change\n---\n## Procedure\n### One\n```bash risk=change\necho hello | tee -a did\n```\n### Two\n```bash\nfalse\n```\n### Back\n```bash undoes=one\necho back >> did\n```\n',
  )
  const { stdout } = await handbook.run('run', 'docs/change.md', '--env', 'here', '--auto', '--json')
  const run = readEvents(stdout)[0]?.run ?? ''
  const other = await perform()
  spoil(run, other)
  const before = readFileSync(join(handbook.cwd, 'did'), 'utf8')
  for (const command of ['resume', 'roll-back']) {
    const refused = await handbook.run('runs', command, run, '--auto')
    expect(refused, command).toMatchObject({ exitCode, stdout: '' })
    const told = refused.stderr.replaceAll(/\s+/g, ' ')
    expect(told, command).toContain(why)
    expect(told, command).toContain(`handbook runs verify ${run} --against FILE`)
  }
  expect(readFileSync(join(handbook.cwd, 'did'), 'utf8')).toBe(before)
})
