import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
})
beforeEach(() => {
  handbook.write('docs/page.md', PAGE)
  handbook.write('handbook.yaml', FILE)
})
afterAll(() => handbook.remove())

const FILE = `url: https://x.example
pages: [docs]
target:
  url: { type: string, description: where }
  other: { type: string, description: what }
services: [api]
environments:
  ready:
    target: { url: "http://x" }
    services: { api: { status: "true", restart: "true" } }
    protected: true
    approvers: { anna: ssh-ed25519 AAAA }
    secrets: { token: { env: TOKEN }, key: { file: handbook.yaml }, safe: { command: "touch asked" } }
  bare:
    protected: true
    hosts: [elsewhere]
    alertmanagerUrl: http://127.0.0.1:9
    secrets: { token: { env: TOKEN }, key: { file: none.txt } }
`
const PAGE = `# A page

## Procedure

### One

\`\`\`bash
helper() { true; }
helper
LC_ALL=C grep x <<< "$TARGET_URL" | nosuchprogram
handbook list
if command -v maybe > /dev/null; then maybe .; fi
hb service api status
\`\`\`

### Two

\`\`\`ts risk=danger
assertHost()
await $\`date\`
await service('api', 'restart')
\`\`\`
`

async function ask(...args: readonly string[]) {
  const { stdout, exitCode } = await handbook.runWith({ TOKEN: 'xxxxxxxx' }, 'doctor', ...args, '--json')
  const { findings } = JSON.parse(stdout)
  const say = ({ topic, state, says }: Record<string, string>) => `${state} ${topic}: ${says}`
  return { exitCode, said: findings.map(say) }
}

describe('handbook doctor', () => {
  it('finds the program that a service’s command calls, and lets Prometheus be where the page does not ask it', async () => {
    const monitored = '  elsewhere:\n    alertmanagerUrl: http://127.0.0.1:9\n    prometheusUrl: http://127.0.0.1:9\n'
    handbook.write(
      'handbook.yaml',
      `${FILE}${monitored}    services: { api: { status: nosuchctl status, restart: "true" } }\n`,
    )
    const { said } = await ask('page', '--env', 'elsewhere')
    expect(said).toContain('bad commands: nosuchctl, which “api status” calls, is not installed here')
    expect(said.filter((line: string) => /manager|prom/i.test(line) && !line.includes('nosuch'))).toEqual([
      expect.stringMatching(/^note Prometheus: .*; this page does not ask it$/),
      expect.stringMatching(/^note Alertmanager: .*; this page does not ask it$/),
    ])
    handbook.write('docs/page.md', PAGE.replace('assertHost()', "await prom('up')"))
    const asking = await ask('page', '--env', 'elsewhere')
    expect(asking.said).toContainEqual(expect.stringMatching(/^bad Prometheus: /))
  })

  it('finds what keeps a page from running, and nothing else', async () => {
    expect(await ask('page', '--env', 'ready')).toEqual({
      exitCode: 1,
      said: [
        'good facts: 1 fact that this page uses is stated',
        'bad commands: nosuchprogram is not installed here',
        'good services: what this page asks of services is known: api status, api restart',
        'good secret token: $TOKEN is set',
        'good secret key: handbook.yaml can be read',
        'unknown secret safe: its command was not run',
        'note approval: #two wants the approval of somebody else: anna',
        'unknown Prometheus: none is named here',
        'unknown Alertmanager: none is named here',
        'good record: there is room for the record of a run',
      ],
    })
    expect(await handbook.shell('test -e asked || test -e .handbook')).toMatchObject({ exitCode: 1 })
  })

  it('names every lack with what to do about it', async () => {
    const { stdout, exitCode } = await handbook.run('doctor', 'docs/page.md', '--env', 'bare')
    expect(exitCode).toBe(1)
    for (const [says, hint] of [
      ['url is not stated', 'Add it to target of bare'],
      ['bare has no command for api restart', 'Add it to services of bare'],
      ['$TOKEN is not set', 'Set it: export TOKEN=…'],
      ['none.txt cannot be read (ENOENT)', 'Run as an account'],
      ['is none of its hosts', 'Go to elsewhere'],
      ['#two wants an approval, and nobody may give one', 'Add approvers to bare'],
    ] as const) {
      expect(stdout).toContain(says)
      expect(stdout.slice(stdout.indexOf(says))).toContain(hint)
    }
    expect(stdout).not.toContain('other')
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
  })

  it('finds what a run would be refused for: a secret that hides nothing, another machine, an approver who runs it', async () => {
    handbook.write('empty', '\n')
    handbook.write('docs/danger.md', '## Procedure\n### a\n```bash risk=danger\ntrue\n```\n')
    handbook.write(
      'handbook.yaml',
      `url: https://x.example
pages: [docs]
environments:
  refuses:
    protected: true
    hosts: [elsewhere]
    lock: no/such/folder
    approvers: { ${userInfo().username}: ssh-ed25519 AAAA }
    secrets: { blank: { file: empty }, none: { env: HOME2 } }
`,
    )
    const { said, exitCode } = await ask('danger', '--env', 'refuses')
    expect(exitCode).toBe(1)
    expect(said).toEqual([
      'good commands: 1 command of this page is there',
      'bad secret blank: cannot be used: empty gives nothing',
      'bad secret none: cannot be had: $HOME2 is not set',
      expect.stringMatching(/^bad host: .* is none of its hosts/),
      'bad approval: #a wants the approval of somebody else than you, and nobody else may give one',
      expect.stringMatching(/^note lock: /),
      'unknown Prometheus: none is named here',
      'unknown Alertmanager: none is named here',
      'good record: there is room for the record of a run',
    ])
  })

  it('without a page, looks at what every page needs', async () => {
    const { said } = await ask('--env', 'bare')
    expect(said.slice(0, 2)).toEqual(['bad facts: url is not stated', 'bad facts: other is not stated'])
  })

  it('does not wait for a Prometheus that swallows what it is told', async () => {
    const server = createServer(() => {})
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    handbook.write('handbook.yaml', FILE.replace('  bare:', `  bare:\n    prometheusUrl: http://127.0.0.1:${port}`))
    const { said } = await ask('page', '--env', 'bare')
    expect(said).toContainEqual(expect.stringMatching(/^note Prometheus: .* does not answer/))
    server.close()
  })

  it.each([
    [['nope', '--env', 'ready'], 'No page or alert is called nope'],
    [['page', '--env', 'red'], 'handbook.yaml has no environment red'],
    [['page'], 'Say where to run it'],
  ])('%s is wrong usage', async (words, says) => {
    const { exitCode, stdout, stderr } = await handbook.run('doctor', ...words)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(says)
  })
})

describe('a fact that an environment does not state', () => {
  it('keeps a page that uses it from running, and no other', async () => {
    handbook.write('docs/other.md', '# Other\n\n## Procedure\n\n### One\n\n```bash risk=read\necho fine\n```\n')
    expect(await handbook.run('run', 'page', '--env', 'bare', '--auto')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('The environment bare does not state url, which docs/page.md uses'),
    })
    handbook.write(
      'handbook.yaml',
      FILE.replace(/ {4}secrets: \{ token: \{ env: TOKEN \}, key: \{ file: none.txt \} \}\n/, ''),
    )
    expect((await handbook.run('run', 'other', '--env', 'bare', '--auto')).exitCode).toBe(0)
  })
})
