import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Environment } from '../../src/environments/index.ts'
import { type Clock, NAMESPACE } from '../../src/runner/index.ts'
import { requires } from '../environment/requires.ts'
import { provideRuns } from './provide-runs.ts'
import { createFakeClock, type RunOptions, tell } from './run-page.ts'

const runs = provideRuns()
const PAGE = `---
params:
  pin: { type: string, default: pin-4711, secret: true }
  age: { type: duration, default: 24h }
---
## Procedure
### look
\`\`\`bash risk=read
echo full=97 >> "$STEP_OUTPUT"
\`\`\`
### purge
\`\`\`bash risk=danger
echo purged
\`\`\`
`

describe.runIf(requires('approvals', ['ssh-keygen']))('danger in a protected environment', () => {
  let environment: Partial<Environment> = {}
  beforeAll(() => {
    const approvers: Record<string, string[]> = {}
    for (const name of ['anna', 'ben', 'stranger']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(runs.root, name)])
      if (name !== 'stranger') approvers[name] = [readFileSync(join(runs.root, `${name}.pub`), 'utf8').trim()]
    }
    environment = { protected: true, approvers }
  })

  const sign = (key: string, text: string, namespace = NAMESPACE) =>
    execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', join(runs.root, key), '-n', namespace], {
      input: text,
      stdio: 'pipe',
    })

  /** Waits a turn, and lets somebody sign what is asked for, once. */
  async function runWith(
    answer: (text: string) => Buffer | undefined,
    options: RunOptions = {},
    page = PAGE,
    fake = createFakeClock(),
  ) {
    const asked: string[] = []
    let folder = ''
    const clock: Clock = {
      ...fake,
      today: () => new Date(Date.UTC(2026, 10, 22) + fake.now()),
      async sleep(milliseconds, signal) {
        const file = join(folder, 'approvals/purge.txt')
        if (asked.length === 0) {
          asked.push(readFileSync(file, 'utf8'))
          const signature = answer(asked[0] ?? '')
          if (signature) writeFileSync(join(folder, 'approvals/purge.txt.sig'), signature)
        }
        await fake.sleep(milliseconds, signal)
      },
    }
    const done = await runs.run(page, {
      environment,
      clock,
      by: 'ben',
      writer(writer) {
        folder = join(runs.root, 'runs', writer.run)
        return writer
      },
      ...options,
    })
    return { ...done, told: tell(done.events), asked: asked[0] ?? '', waits: fake.waits }
  }

  test('waits for the signature of somebody else, and records it', async () => {
    const { told, asked, ending, events } = await runWith(text => sign('anna', text))
    expect(ending.outcome).toBe('passed')
    expect(told).toEqual([
      '# procedure',
      'look started',
      'look passed {"full":"97"}',
      'waiting for approval of purge',
      'purge approved by anna',
      'purge started',
      'purge stdout: purged\n',
      'purge passed',
      '= passed',
    ])
    expect(asked).toMatch(/^handbook approval 2\nuntil {7}2026-11-22T01:00:00.000Z\nrun {9}run-\d+\nby {10}ben@/)
    for (const line of [
      'environment test',
      'step        purge',
      'params      {"age":"24h","pin":"[redacted]"}',
      'values      {"look":{"full":"97"}}',
    ])
      expect(asked.split('\n')).toContain(line)
    expect(asked).not.toContain('pin-4711')
    const approved = events.find(event => event.type === 'step.approved')
    expect(approved).toMatchObject({ text: asked, signature: expect.stringContaining('BEGIN SSH SIGNATURE') })
  })

  test.each([
    ['of whoever runs it', (text: string) => sign('ben', text), 'ben runs this, and cannot approve it'],
    ['of nobody who may', (text: string) => sign('stranger', text), 'it is not signed by an approver of test'],
    [
      'of something else',
      (text: string) => sign('anna', text.replace('97', '98')),
      'the signature of anna is not one of this request',
    ],
    [
      'made for another purpose',
      (text: string) => sign('anna', text, 'file'),
      'the signature of anna is not one of this request',
    ],
    ['that is none', () => Buffer.from('yes'), 'it is not signed by an approver of test'],
  ])(
    'a signature %s is none',
    async (_, answer, problem) => {
      const { told, ending, waits } = await runWith(answer)
      expect(told).toContain(`warned: not an approval: ${problem}`)
      expect(told).not.toContain('purge started')
      expect(ending.refused).toMatch(
        /^nobody approved “purge” within 15 min\. After the approval \(handbook runs approve run-/,
      )
      expect(waits).toHaveLength(900)
    },
    120_000,
  )

  test('what was approved while nobody waited is found when the run is resumed', async () => {
    const first = await runWith(() => undefined)
    expect(first.ending.refused).toContain('handbook runs resume')
    writeFileSync(join(first.folder, 'approvals/purge.txt.sig'), sign('anna', first.asked))
    const again = await runWith(() => undefined, { resumes: first.folder })
    expect(again.told.slice(0, 3)).toEqual(['resumed', '# procedure', 'purge approved by anna'])
    expect(again.ending.outcome).toBe('passed')
  })

  test('an approval does not hold for whoever resumes it, if that is another', async () => {
    const first = await runWith(() => undefined)
    writeFileSync(join(first.folder, 'approvals/purge.txt.sig'), sign('anna', first.asked))
    const again = await runWith(() => undefined, { resumes: first.folder, by: 'anna' })
    expect(again.told).toContain('warned: not an approval: anna runs this, and cannot approve it')
    expect(again.told).not.toContain('purge started')
  })

  const variables = { MODE: 'soft', OLD: '1' }
  const services = { api: { stop: 'echo stopping' }, queue: { stop: 'echo gone' } }

  test.each<[string, Partial<Environment>, string[]]>([
    [
      'variables',
      { variables: { MODE: 'hard', NEW: 'yes' } },
      ['variable MODE was "soft", and is "hard"', 'variable OLD is gone: it was "1"', 'variable NEW is new: "yes"'],
    ],
    [
      'what services mean',
      { services: { api: { stop: 'echo stopping everything', start: 'echo' } } },
      [
        'service api stop was "echo stopping", and is "echo stopping everything"',
        'service queue stop is gone: it was "echo gone"',
        'service api start is new: "echo"',
      ],
    ],
    ['facts', { target: { url: 'http://other' } }, ['target.url was "http://one", and is "http://other"']],
    ['the path', { path: ['/opt/evil'] }, [expect.stringMatching(/^variable PATH was "\S+", and is "\/opt\/evil:/)]],
    [
      'where a secret comes from',
      { secrets: { token: { command: 'cat other', for: 'change' } } },
      ['secret token was the variable TOKEN, and is the command "cat other"'],
    ],
    [
      'what an environment sets, whatever its name',
      { variables: { ...variables, TMPDIR: '/srv/other', XDG_CONFIG_HOME: '/srv/other' } },
      ['variable TMPDIR is new: "/srv/other"', 'variable XDG_CONFIG_HOME is new: "/srv/other"'],
    ],
    ['Prometheus', { prometheusUrl: 'http://other' }, ['prometheus was http://prom, and is http://other']],
  ])('an approval covers %s: what changed is named, and wants a new one', async (_, changed, named) => {
    const before: Partial<Environment> = {
      ...environment,
      variables,
      services,
      target: { url: 'http://one' },
      secrets: { token: { env: 'TOKEN', for: 'change' } },
      prometheusUrl: 'http://prom',
    }
    const secrets = { token: 'top-secret' }
    const first = await runWith(() => undefined, { environment: before, secrets })
    writeFileSync(join(first.folder, 'approvals/purge.txt.sig'), sign('anna', first.asked))
    const same = await runWith(text => sign('anna', text), { environment: before, secrets, resumes: first.folder })
    expect(same.told).not.toContainEqual(expect.stringContaining('allows nothing'))
    expect(same.asked).toBe('')
    expect(same.told).toContain('purge started')

    const other = await runWith(() => undefined, { environment: before, secrets })
    writeFileSync(join(other.folder, 'approvals/purge.txt.sig'), sign('anna', other.asked))
    const again = await runWith(text => sign('anna', text), {
      environment: { ...before, ...changed },
      secrets,
      resumes: other.folder,
    })
    const prefix = 'warned: the approval of #purge allows nothing any more: '
    expect(again.told.flatMap(line => (line.startsWith(prefix) ? [line.slice(prefix.length)] : []))).toEqual(named)
    expect(again.asked).not.toBe(other.asked)
    expect(again.asked).not.toContain('top-secret')
    expect(again.told.slice(-5)).toEqual([
      'purge approved by anna',
      'purge started',
      'purge stdout: purged\n',
      'purge passed',
      '= passed',
    ])
  })

  test('an approval covers where programs find their settings, and not the session', async () => {
    const session = {
      TERM: 'xterm',
      TMPDIR: '/tmp/1',
      SSH_AUTH_SOCK: '/tmp/1',
      XDG_RUNTIME_DIR: '/run/1',
      XDG_SESSION_ID: '1',
    }
    const { asked } = await runWith(() => undefined, {
      inherited: { ...session, XDG_CONFIG_HOME: '/home/ben/.config', XDG_DATA_DIRS: '/usr/share' },
    })
    const named = asked.split('\n').flatMap(line => /^variable +(\w+):/.exec(line)?.[1] ?? [])
    expect(named).toEqual(['HOME', 'PATH', 'XDG_CONFIG_HOME', 'XDG_DATA_DIRS'])
  })

  const SCRIPTED = PAGE.replace('echo purged', './tool.sh; [ ! -f late.py ] || python3 late.py; own; echo purged')

  test.each([
    ['a script that the block calls', 'tool.sh', /^file tool\.sh was \w{64}, and is \w{64}$/],
    ['a script that this one calls', 'inner.sh', /^file inner\.sh was \w{64}, and is \w{64}$/],
    ['a script that comes', 'late.py', /^file late\.py was not there, and is \w{64}$/],
    ['a command of the environment', 'bin/own', /^file bin\/own was \w{64}, and is \w{64}$/],
  ])('an approval covers %s, even when it changes while somebody signs', async (_, file, named) => {
    const cwd = mkdtempSync(join(runs.root, 'scripts-'))
    mkdirSync(join(cwd, 'bin'))
    writeFileSync(join(cwd, 'tool.sh'), '#!/bin/sh\nsh inner.sh\n', { mode: 0o755 })
    writeFileSync(join(cwd, 'inner.sh'), 'echo inner\n')
    writeFileSync(join(cwd, 'bin/own'), '#!/bin/sh\necho own\n', { mode: 0o755 })
    let asked = 0
    const { told } = await runWith(
      text => {
        asked += 1
        writeFileSync(join(cwd, file), asked === 1 ? '#!/bin/sh\nprint=1\n' : '')
        return sign('anna', text)
      },
      { page: 'page.md', cwd, environment: { ...environment, path: [join(cwd, 'bin')] } },
      SCRIPTED,
    )
    const warned = told.filter(line => line.startsWith('warned: the approval of #purge'))
    expect(warned).toContainEqual(expect.stringMatching(new RegExp(named.source.slice(1))))
    expect(told).not.toContain('purge started')
  })

  test.each(['hb', 'own'])('an approval covers everything that is named behind %s in the block', async name => {
    const cwd = mkdtempSync(join(runs.root, 'many-'))
    const many = Array.from({ length: 300 }, (_, at) => `require("part-${at}.js")`).join('\n')
    mkdirSync(join(cwd, 'bin'))
    writeFileSync(join(cwd, 'bin/hb'), '#!/bin/sh\n# the verbs of handbook\n', { mode: 0o755 })
    writeFileSync(join(cwd, 'bin/handbook'), `#!/usr/bin/env node\n${many}\n`, { mode: 0o755 })
    mkdirSync(join(cwd, 'more'))
    writeFileSync(join(cwd, 'more/own'), `#!/bin/sh\n${many}\n`, { mode: 0o755 })
    const { asked } = await runWith(
      () => undefined,
      { page: 'page.md', cwd, environment: { ...environment, path: [join(cwd, 'bin'), join(cwd, 'more')] } },
      PAGE.replace('echo purged', `${name} mend; ./late.sh`),
    )
    const named = asked.split('\n').flatMap(line => /^file +(.*)/.exec(line)?.[1] ?? [])
    expect(named).toContain('late.sh: not there')
    expect(named.filter(line => line.startsWith('part-'))).toHaveLength(name === 'hb' ? 0 : 198)
    expect(named.includes('more: only the first 200 files are looked at')).toBe(name !== 'hb')
  })

  test('an approval ends when its time is up, and says so', async () => {
    const short = { ...environment, approvalValidFor: '20m' }
    const first = await runWith(() => undefined, { environment: short })
    expect(first.asked).toContain('\nuntil       2026-11-22T00:20:00.000Z\n')
    writeFileSync(join(first.folder, 'approvals/purge.txt.sig'), sign('anna', first.asked))
    const late = createFakeClock()
    late.now = () => 21 * 60_000
    const again = await runWith(() => undefined, { environment: short, resumes: first.folder }, PAGE, late)
    expect(again.told).toContain(
      'warned: the approval of #purge allows nothing any more: it was valid until 2026-11-22T00:20:00.000Z',
    )
    expect(again.told).not.toContain('purge started')
  }, 60_000)

  test('an approval that an older handbook asked for allows nothing, and says why', async () => {
    const first = await runWith(() => undefined)
    const old = first.asked.replace('approval 2', 'approval 1')
    writeFileSync(join(first.folder, 'approvals/purge.txt'), old)
    writeFileSync(join(first.folder, 'approvals/purge.txt.sig'), sign('anna', old))
    const again = await runWith(() => undefined, { resumes: first.folder })
    expect(again.told).toContain(
      'warned: the approval of #purge allows nothing any more: it was asked for by an older handbook, and does not say everything that will run',
    )
    expect(again.told).not.toContain('purge started')
  }, 60_000)

  test.each([
    ['first', ['ben', 'anna']],
    ['last', ['anna', 'ben']],
    ['beyond a third name', ['carl', 'anna', 'ben']],
  ])(
    'one key under two names is one person: the runner’s own name %s',
    async (_, order) => {
      const [anna, ben] = [environment.approvers?.anna ?? [], environment.approvers?.ben ?? []]
      const keys: Record<string, readonly string[]> = {
        ben: order.length === 3 ? ben : [...ben, ...anna],
        anna,
        carl: [...ben, ...anna],
      }
      const other = [readFileSync(join(runs.root, 'stranger.pub'), 'utf8').trim()]
      const approvers = { ...Object.fromEntries(order.map(name => [name, keys[name] ?? []])), other }
      const { told } = await runWith(text => sign('anna', text), { environment: { protected: true, approvers } })
      expect(told).toContainEqual(
        expect.stringMatching(
          /^warned: not an approval: ben runs this, and cannot approve it: one key makes ben and .*anna.* one person$/,
        ),
      )
      expect(told).not.toContain('purge started')
    },
    60_000,
  )

  test.each<[string, (keys: NonNullable<Environment['approvers']>) => Environment['approvers'], string]>([
    ['the only approver runs it', ({ ben = [] }) => ({ ben }), 'ben'],
    ['every approver is who runs it, by another name', ({ ben = [] }) => ({ ben, benny: ben }), 'ben, benny'],
  ])('nobody is waited for when %s', async (_, choose, names) => {
    const { ending, waits } = await runWith(text => sign('ben', text), {
      environment: { protected: true, approvers: choose(environment.approvers ?? {}) },
    })
    expect(ending.refused).toBe(
      `in test only whoever runs this may approve (${names}): add somebody to its approvers in handbook.yaml, or give --break-glass REASON`,
    )
    expect(waits).toEqual([])
  })

  test('who is waited for may approve: nobody who has the key of whoever runs it', async () => {
    const { anna = [], ben = [] } = environment.approvers ?? {}
    const { events } = await runWith(text => sign('anna', text), {
      environment: { protected: true, approvers: { anna, benny: ben, ben } },
    })
    const waiting = events.find(event => event.type === 'run.waiting')
    expect(waiting).toMatchObject({ message: expect.stringMatching(/^anna must approve: handbook runs approve /) })
  })

  test('what is signed after the first request ended is worth something, with a plan too', async () => {
    const listed = PAGE.replace('echo full=97', 'echo ids=a').replace('risk=danger', 'risk=danger touches=look')
    const fake = createFakeClock()
    let asked = ''
    const clock: Clock = {
      ...fake,
      today: () => new Date(Date.UTC(2026, 10, 22) + fake.now()),
      async sleep(milliseconds, signal) {
        const file = join(folder, 'approvals/purge.txt')
        const text = readFileSync(file, 'utf8')
        if (asked !== '' && asked !== text) writeFileSync(`${file}.sig`, sign('anna', text))
        asked = text
        await fake.sleep(milliseconds, signal)
      },
    }
    let folder = ''
    const { told } = await runWith(
      () => undefined,
      {
        clock,
        environment: { ...environment, approvalValidFor: '2m' },
        writer(writer) {
          folder = join(runs.root, 'runs', writer.run)
          return writer
        },
      },
      listed,
    )
    expect(told).toContain('purge approved by anna')
    expect(told).toContain('purge started')
  })

  describe('on an account that several people use', () => {
    const claimed = (person: string, account: string) => `${person} claimed to run it, as ${account}`

    test.each<[string, RunOptions]>([
      ['root, in a terminal', { by: 'root', mode: 'interactive', askName: async () => 'ben' }],
      ['root, as they said before', { by: 'root', claims: 'ben' }],
      ['another, where the environment says so', { by: 'ops', environment: { sharedAccount: true }, claims: 'ben' }],
    ])('%s: the person is recorded as a claim, signed, and cannot approve it', async (_, options) => {
      const shared = { ...options, environment: { ...environment, ...options.environment } }
      const own = await runWith(text => sign('ben', text), shared)
      expect(own.told).toContain(claimed('ben', options.by ?? ''))
      expect(own.told).toContain('warned: not an approval: ben runs this, and cannot approve it')
      expect(own.told).not.toContain('purge started')
      const other = await runWith(text => sign('anna', text), shared)
      expect(other.asked).toContain('\nclaimed     ben\n')
      expect(other.told).toContain('purge started')
    })

    test('a name in other letters is the same person', async () => {
      const { told } = await runWith(text => sign('ben', text), { by: 'root', claims: 'Ben' })
      expect(told).toContainEqual(
        expect.stringMatching(/^warned: not an approval: ben runs this, and cannot approve it/),
      )
      expect(told).not.toContain('purge started')
    })

    test('nobody is asked on an account of one person', async () => {
      const askName = async () => expect.unreachable()
      const { told } = await runWith(text => sign('anna', text), { mode: 'interactive', askName })
      expect(told).toContain('purge started')
    })

    test.each([
      ['nobody says it where the environment wants it', {}, 'several people use the account ops'],
      ['the account itself is given', { claims: 'ops' }, '“ops” is not the name of a person'],
      ['it is no name', { claims: 'ben or anna' }, '“ben or anna” is not the name of a person'],
    ])('the step is refused when %s', async (_, options, why) => {
      const { ending } = await runWith(() => undefined, {
        by: 'ops',
        environment: { ...environment, sharedAccount: true },
        ...options,
      })
      expect(ending.refused).toBe(`${why}: say who runs this with --as NAME`)
    })

    test('a run by root that asks nobody says that it is not known who runs it', async () => {
      const { told } = await runWith(text => sign('anna', text), { by: 'root' })
      expect(told).toContain('warned: nobody said who runs this: several people use the account root')
      expect(told).toContain('purge started')
    })

    test('a broken glass keeps nobody out', async () => {
      const shared = { ...environment, sharedAccount: true }
      const { told } = await runWith(() => undefined, { by: 'ops', environment: shared, breakGlass: 'all asleep' })
      expect(told).toContain('purge started')
    })
  })

  test('begins with nobody’s approval when the glass is broken, which is recorded with the reason', async () => {
    const { told, events } = await runWith(() => undefined, { breakGlass: 'all asleep' })
    expect(told.slice(3, 5)).toEqual(['purge unapproved: all asleep', 'purge started'])
    expect(events[0]).toMatchObject({ breakGlass: 'all asleep' })
    expect(events.find(event => event.type === 'step.unapproved')).toMatchObject({ by: { user: 'ben' } })
  })

  test('is refused where nobody can approve', async () => {
    const { ending, folder } = await runWith(() => undefined, { environment: { protected: true } })
    expect(ending.refused).toBe(
      'test is protected, and handbook.yaml names no approvers for it: add somebody to its approvers in handbook.yaml, or give --break-glass REASON',
    )
    expect(existsSync(join(folder, 'approvals'))).toBe(false)
  })

  test('a person is asked first, and the approval is waited for after', async () => {
    const { told } = await runWith(text => sign('anna', text), { mode: 'interactive' })
    expect(told.slice(3, 6)).toEqual([
      'waiting for confirmation of purge',
      'waiting for approval of purge',
      'purge approved by anna',
    ])
  })
})
