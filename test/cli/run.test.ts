import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHandbook, HANDBOOK, RUNBOOK, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
})
afterEach(() => handbook.remove())

function guide(code: string, language = 'bash', meta = ''): string {
  return `## Procedure\n### one\n\`\`\`${language} ${meta}\n${code}\n\`\`\`\n`
}

describe('in a handbook', () => {
  beforeEach(() => {
    handbook.write('handbook.yaml', HANDBOOK)
    handbook.write('runbooks/full.md', RUNBOOK)
  })

  test('a run heals, is recorded in the handbook, and can be listed and shown', async () => {
    const { exitCode, stdout, stderr } = await handbook.run('run', 'full', '--env', 'staging', '--auto')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('looking at http://staging for 24h')
    expect(stdout).toContain('last reviewed 2020-01-01: overdue')
    expect(stdout).toContain('HEALED')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no colour is what is looked for
    expect(stdout).not.toMatch(/\u001b/)
    expect(stdout).not.toContain('Escalate')

    const [id = ''] = readdirSync(join(handbook.cwd, '.handbook/runs'))
    const list = JSON.parse((await handbook.run('runs', 'list', '--json')).stdout)
    expect(list).toEqual({
      runs: [
        {
          id,
          procedure: 'full',
          environment: 'staging',
          outcome: 'healed',
          started: expect.stringMatching(/Z$/),
          finished: expect.stringMatching(/Z$/),
        },
      ],
    })
    const shown = await handbook.run('runs', 'show', id)
    expect(shown.exitCode).toBe(0)
    expect(shown.stdout).toContain('HEALED')
    expect(shown.stdout).toMatch(/ledger consistent, not anchored: \d+ events/)
    expect((await handbook.run('runs', 'show', id, '--json')).stdout).not.toContain('pin-4711')

    const ledger = join(handbook.cwd, '.handbook/runs', id, 'ledger.ndjson')
    writeFileSync(ledger, readFileSync(ledger, 'utf8').replace('it is full', 'it is fine'))
    const touched = await handbook.run('runs', 'show', id)
    expect(touched).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/line \d+ of the ledger was changed/),
    })
  })

  test('a block finds the handbook that runs it, without npx', async () => {
    handbook.write('docs/one.md', guide('handbook list --json | jq -e .procedures > /dev/null'))
    handbook.write(
      'docs/two.md',
      guide("console.log((await $`handbook list --json`.quiet()).stdout.includes('full'))", 'ts'),
    )
    for (const page of ['docs/one.md', 'docs/two.md']) {
      const { exitCode, stdout } = await handbook.run('run', page, '--env', 'staging', '--auto')
      expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 })
    }
  })

  test('--json gives events on stdout and nothing else', async () => {
    const { exitCode, stdout, stderr } = await handbook.run('run', 'ThingFull', '--env', 'staging', '--auto', '--json')
    const events = readEvents(stdout)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
    expect(events[0]).toMatchObject({
      type: 'run.started',
      procedure: 'full',
      mode: 'auto',
      params: { pin: '[redacted]' },
    })
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', outcome: 'healed' })
    expect(existsSync(join(handbook.root, 'tmp')) && readdirSync(join(handbook.root, 'tmp'))).toEqual([])
    expect(readdirSync(handbook.cwd).toSorted()).toEqual(['.handbook', 'handbook.yaml', 'runbooks'])
  })

  test('what the environment does not allow is refused with exit code 3', async () => {
    const limited = await handbook.run('run', 'full', '--env', 'production', '--auto')
    expect(limited).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('Refused: in production --auto goes as far as read'),
    })
    const reading = await handbook.run('run', 'full', '--env', 'staging')
    expect(reading).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('Refused: “Mend” changes something') })
    const json = readEvents((await handbook.run('run', 'full', '--env', 'staging', '--json')).stdout)
    expect(json.at(-1)).toMatchObject({ outcome: 'inconclusive', refused: expect.any(String), standing: [] })
  })

  test('--dry-run shows what would run, with values, and runs nothing', async () => {
    const words = ['run', 'full', '--env', 'staging', '--param', 'staleAfter=6h', '--dry-run']
    const { exitCode, stdout } = await handbook.run(...words)
    expect(exitCode).toBe(0)
    for (const text of ['STALE_AFTER=6h', 'TARGET_URL=http://staging', 'PIN=[redacted]', 'echo mended'])
      expect(stdout).toContain(text)
    expect(stdout).not.toContain('pin-4711')
    expect(JSON.parse((await handbook.run(...words, '--json', '--step', 'mend')).stdout)).toMatchObject({
      procedure: 'full',
      params: { staleAfter: '6h' },
      steps: [{ id: 'mend', risk: 'change', language: 'bash' }],
    })
    expect(existsSync(join(handbook.cwd, '.handbook'))).toBe(false)
  })

  test('--step runs one', async () => {
    const { stdout, exitCode } = await handbook.run('run', 'full', '--env', 'production', '--step', 'look', '--auto')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('PASSED')
    expect(stdout).not.toContain('mended')
  })

  test('Escalate is shown when a run could not help', async () => {
    handbook.write('runbooks/full.md', RUNBOOK.replace('hb suggest mend "it is full"', 'true'))
    const { stdout, exitCode } = await handbook.run('run', 'full', '--env', 'staging', '--auto')
    expect(exitCode).toBe(1)
    expect(stdout).toContain('INCONCLUSIVE')
    expect(stdout).toContain('Call somebody.')
  })

  test('exit code 1 for a failed run', async () => {
    handbook.write('runbooks/full.md', RUNBOOK.replace('echo mended', 'false'))
    expect(await handbook.run('run', 'full', '--env', 'staging', '--auto')).toMatchObject({ exitCode: 1 })
  })

  test('a run is recorded in the state folder, with a warning, when its folder cannot be written', async () => {
    writeFileSync(join(handbook.cwd, '.handbook'), 'a file where a folder should be')
    const { exitCode, stdout } = await handbook.run('run', 'full', '--env', 'staging', '--auto', '--json')
    expect(exitCode).toBe(0)
    const warned = readEvents(stdout).flatMap(event => (event.type === 'run.warned' ? event.message : []))
    expect(warned[0]).toMatch(/^the record of this run is kept in .*: E/)
  })
})

describe('outside any handbook', () => {
  test('a page runs here like a script, as far as change', async () => {
    const page = handbook.write('page.md', guide('echo "here in $(basename "$PWD")"'))
    expect(await handbook.run('run', 'page.md', '--auto')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('here in work'),
    })
    expect(await handbook.run('run', page, '--auto', '--env', 'here')).toMatchObject({ exitCode: 0 })
    expect(await handbook.run('run', page, '--auto', '--env', 'lab')).toMatchObject({ exitCode: 2 })
    expect(await handbook.run('run', 'page')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('There is no handbook here'),
    })
    handbook.write('danger.md', guide('true', 'bash', 'risk=danger'))
    expect(await handbook.run('run', 'danger.md', '--auto')).toMatchObject({ exitCode: 3 })
    expect(readdirSync(handbook.cwd).toSorted()).toEqual(['danger.md', 'page.md'])
    expect(readdirSync(join(handbook.home, '.local/state/handbook/runs'))).toHaveLength(3)
  })

  test('a ts block runs, with types stripped, and MDX pages do, too', async () => {
    handbook.write(
      'page.md',
      guide('const n: number = 20; const { stdout } = await $`echo ${n + 1}`; return stdout.trim()', 'ts'),
    )
    expect(await handbook.run('run', 'page.md', '--auto')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('21'),
    })
    handbook.write('page.mdx', `<b>x</b>\n\n${guide('echo from mdx')}`)
    expect(await handbook.run('run', 'page.mdx', '--auto')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('from mdx'),
    })
    handbook.write('bad.mdx', `<b>x\n\n${guide('echo')}`)
    expect(await handbook.run('run', 'bad.mdx', '--auto')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/bad\.mdx:\d+:\d+ /),
    })
  })

  test('expect, when a block uses it', async () => {
    handbook.write('page.md', guide('expect(1).toBe(2)', 'ts'))
    const events = readEvents((await handbook.run('run', 'page.md', '--auto', '--json')).stdout)
    const error = { line: 4, column: 11, message: expect.stringMatching(/^Error: expect\(received\)/) }
    expect(events.at(-2)).toMatchObject({ type: 'step.finished', status: 'failed', error })
  })
})

describe('readers that stop reading', () => {
  test('end the writing, not the run, and leave no stack trace', async () => {
    handbook.write('page.md', guide('for i in $(seq 2000); do echo "$i $(printf %0200d 0)"; done; touch done'))
    const { stdout, stderr } = await handbook.shell('$HANDBOOK run page.md --auto | head -1; echo "${PIPESTATUS[0]}"')
    expect(stderr).toBe('')
    expect(stdout.split('\n').at(-2)).toBe('0')
    expect(existsSync(join(handbook.cwd, 'done'))).toBe(true)
    expect((await handbook.shell('$HANDBOOK run page.md --auto --json >&-; echo $?')).stdout).toBe('0\n')
  })
})

test('what only reads runs without a home to record it in', async () => {
  handbook.write('page.md', guide('echo fine', 'bash', 'risk=read'))
  const { stdout } = await handbook.shell('HOME=/dev/null/home XDG_STATE_HOME= $HANDBOOK run page.md --auto; echo $?')
  expect(stdout).toContain('this run is not recorded')
  expect(stdout).toMatch(/PASSED[\s\S]*\n0\n$/)
})

test('a run whose record somebody removed meanwhile is not said to be one that can be resumed', async () => {
  const own = await createHandbook()
  try {
    own.write('handbook.yaml', HANDBOOK)
    own.write(
      'runbooks/gone.md',
      '---\ntitle: Gone\n---\n\n## Procedure\n\n### One\n\n```bash\nrm -r .handbook/runs\nfalse\n```\n',
    )
    const { exitCode, stdout, stderr } = await own.run('run', 'gone', '--env', 'staging', '--auto')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('The record of this run is lost')
    expect(stdout).toContain('it cannot be resumed')
    expect(stdout).not.toContain('runs resume')
  } finally {
    await own.remove()
  }
}, 60_000)

test('a step is found however its letters are typed', async () => {
  const own = await createHandbook()
  try {
    const page = own.write('page.md', '## Procedure\n\n### Café on\n\n```bash risk=read\necho here\n```\n')
    const { exitCode, stdout } = await own.run('run', page, '--auto', '--step', 'cafe\u0301-on')
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('here')])
  } finally {
    await own.remove()
  }
}, 60_000)
