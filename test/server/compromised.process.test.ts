import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHandbook } from '../cli/handbook.ts'
import { KEYS, startTerminal } from '../cli/terminal.ts'
import { requires } from '../environment/requires.ts'
import { type browse, enter, eventsOf } from './live-handbook.ts'
import { findInMemory } from './memory.ts'

/** The server's account, a person's, and the group that share a store. ssh-keygen wants accounts that have a name: `list` and `irc` of Debian. */
const [SERVER, ANNA, GROUP] = [38, 39, 61_013] as const
const [READ_KEY, CHANGE_KEY, TOKEN] = ['read-key-4711-abcd', 'change-key-0815-wxyz', 'webhook-token-of-the-server']

/** It looks with one key, mends with the other, and what is dangerous needs a second person. */
const PAGE = `---
title: It is full
alerts: [ThingFull]
---

## Diagnose

### Look <!-- #look -->

\`\`\`bash
curl -sf -H "key: $READ_KEY" "$TARGET_URL"
hb suggest mend "it is full"
hb suggest purge "it is full"
\`\`\`

## Mitigate

### Mend <!-- #mend -->

\`\`\`bash
curl -sf -X POST -H "key: $CHANGE_KEY" "$TARGET_URL/mend"
echo data > "$TMPDIR/f"; hb evidence f "$TMPDIR/f"
\`\`\`

### Purge <!-- #purge -->

\`\`\`bash risk=danger irreversible="what is purged is gone"
curl -sf -X POST -H "key: $CHANGE_KEY" "$TARGET_URL/purge"
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
curl -sf -H "key: $READ_KEY" "$TARGET_URL"
\`\`\`
`

/** A deployment that is read with one key, and changed with the other. It knows what was changed, and what was refused. */
async function startDeployment() {
  const changed: string[] = []
  const refused: string[] = []
  const server = createServer(({ method, url = '', headers: { key } }, response) => {
    const allowed = key === CHANGE_KEY || (key === READ_KEY && method === 'GET')
    if (!allowed) refused.push(url)
    else if (method === 'POST') changed.push(url)
    response.writeHead(allowed ? 200 : 403).end(`changed ${changed.length} times\n`)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { changed, refused, url: `http://127.0.0.1:${typeof address === 'object' && address?.port}` }
}

async function setUp(changes = 'changes: terminal') {
  const deployment = await startDeployment()
  const handbook = await createHandbook()
  onTestFinished(() => handbook.remove())
  const { root, cwd, write, bundles } = handbook
  chmodSync(root, 0o755)
  const homes = { [SERVER]: join(root, 'server'), [ANNA]: join(root, 'anna') }
  for (const [uid, home] of Object.entries(homes)) {
    mkdirSync(home, { mode: 0o700 })
    chownSync(home, Number(uid), Number(uid))
  }
  const own = (uid: number, file: string, text: string) => {
    writeFileSync(file, text, { mode: 0o600 })
    chownSync(file, uid, uid)
    return file
  }
  const changeKey = own(ANNA, join(root, 'anna/change.key'), CHANGE_KEY)
  const token = own(SERVER, join(root, 'server/token'), TOKEN)
  write('read.key', READ_KEY)
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'ben.key')])
  const ben = readFileSync(join(root, 'ben.key.pub'), 'utf8').trim()
  write(
    'handbook.yaml',
    `url: https://ops.example
target: { url: { type: string, description: where } }
environments:
  production:
    ${changes}
    protected: true
    approvers: { ben: "${ben}" }
    target: { url: "${deployment.url}" }
    secrets: { readKey: { file: read.key, for: read }, changeKey: { file: ${changeKey}, for: change } }
`,
  )
  write('runbooks/full.md', PAGE)
  const contentHash = createHash('sha256').update(PAGE).digest('hex')
  const page = { path: 'runbooks/full.md', permalink: '/runbooks/full', contentHash }
  const facts = { title: 'x', baseUrl: '/', date: '2026-11-30', pages: [page], index: {} }
  write('build/site-facts.json', JSON.stringify(facts))
  for (const file of ['index', '404']) write(`build/${file}.html`, '<!doctype html><html><body>x</body></html>')
  // The one folder that both write into: what is run stands outside it.
  for (const folder of ['.handbook', '.handbook/runs']) {
    mkdirSync(join(cwd, folder))
    chownSync(join(cwd, folder), 0, GROUP)
    chmodSync(join(cwd, folder), 0o2770)
  }
  const wordsOf = (uid: number) => ['--reuid', `${uid}`, '--regid', `${uid}`, '--groups', `${GROUP}`]
  const envOf = (uid: keyof typeof homes) => ({
    PATH: handbook.env.PATH,
    HOME: homes[uid] ?? '',
    TMPDIR: homes[uid] ?? '',
    NO_COLOR: '1',
    TZ: 'UTC',
  })
  const command = [process.execPath, join(bundles, 'handbook.cjs')]
  /** Anything at all, with the account that the server has. */
  const asServer = async (script: string, input = '') => {
    const env = { ...envOf(SERVER), HANDBOOK: command.join(' '), URL: deployment.url }
    const options = { cwd, env, extendEnv: false, input, reject: false, timeout: 60_000 } as const
    const { stdout, stderr } = await execa('setpriv', [...wordsOf(SERVER), 'bash', '-c', script], options)
    return `${stdout}${stderr}`
  }
  return {
    ...deployment,
    ...{ root, cwd, page, changeKey, asServer },
    lastRun: () => readdirSync(join(cwd, '.handbook/runs')).toSorted().at(-1) ?? '',
    /** The second person, in a terminal of their own. */
    async sign(run: string) {
      const args = ['runs', 'approve', run, 'purge', '--key', join(root, 'ben.key'), '--yes']
      const options = {
        cwd,
        env: { ...envOf(SERVER), HOME: root, TMPDIR: root },
        extendEnv: false,
        reject: false,
      } as const
      return (await execa(process.execPath, [...command.slice(1), ...args], options)).stdout
    },
    /** A person's terminal. */
    terminal(rest: string) {
      const words = ['setpriv', ...wordsOf(ANNA), ...command, rest].join(' ')
      const terminal = startTerminal(words, { cwd, env: envOf(ANNA) })
      onTestFinished(() => void terminal.close())
      return terminal
    },
    async serve() {
      const args = [...wordsOf(SERVER), ...command, 'serve', '--port', '0', '--webhook-token-file', token]
      const child = spawn('setpriv', args, { cwd, env: envOf(SERVER) })
      onTestFinished(() => void child.kill('SIGKILL'))
      let said = ''
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text
        })
      await expect.poll(() => said, { timeout: 30_000 }).toContain('within 15 minutes')
      return { pid: child.pid ?? 0, browser: await enter(/http\S*\/enter\/\S+/.exec(said)?.[0] ?? '') }
    },
  }
}

type Browser = ReturnType<typeof browse>

/** Begins the page in the browser, and waits for the run's end. */
async function runInBrowser(browser: Browser, contentHash: string) {
  const begun = await browser.begin('full', contentHash, { environment: 'production' })
  const { run } = JSON.parse(begun.text)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  await stream.over
  return { run, events: eventsOf(stream) }
}

/** A person runs both steps. */
async function runBoth(terminal: ReturnType<typeof startTerminal>) {
  for (const step of ['Step 1 of 2', 'Step 2 of 2']) {
    await terminal.answer(step, '')
    await terminal.answer('Run it?', KEYS.enter)
  }
}

/** Writes forged questions and answers into a run's folder. */
const FORGE = `
cd ".handbook/runs/$RUN" || exit 1
mkdir -p questions approvals
by='{"user":"anna","host":"'$(hostname)'","pid":1}'
for n in 1 2 3; do
  [ -e questions/$n.json ] || echo '{"step":"mend","message":"x","choices":["run"],"withReason":[],"asked":"2026-11-30T00:00:00Z"}' > questions/$n.json
  echo '{"choice":"run","by":'$by',"key":"forged-key"}' > questions/$n.answer.json
done
`

const suite = 'a server whose account is somebody else’s'
describe.runIf(requires(suite, ['root', 'setpriv', 'script', 'curl', 'ssh-keygen']))(suite, () => {
  test('holds no credential of a change: not in a file, a variable, a descriptor or its memory', async () => {
    const { serve, asServer, root, changeKey } = await setUp()
    const { pid, browser } = await serve()
    expect((await browser.get('/api/now?environment=production')).status).toBe(200)
    expect(findInMemory(pid, TOKEN), 'what it does hold is found').toBe(true)
    expect(findInMemory(pid, CHANGE_KEY)).toBe(false)
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(CHANGE_KEY)
    expect(await asServer(`ls -l /proc/${pid}/fd`)).not.toContain(changeKey)
    expect(await asServer(`grep -rl ${READ_KEY} ${root} 2> /dev/null`)).toContain('read.key')
    expect(await asServer(`grep -rl ${CHANGE_KEY} ${root} /proc/*/environ 2> /dev/null`)).toBe('')
    expect(await asServer(`cat ${changeKey}`)).toContain('Permission denied')
  }, 60_000)

  test('begins what reads; what changes is handed to a terminal, and done there once', async () => {
    const { serve, changed, page, terminal, sign } = await setUp()
    const { browser } = await serve()
    const { run, events } = await runInBrowser(browser, page.contentHash)
    expect(events.find(event => event.type === 'step.finished' && event.step === 'look')).toMatchObject({
      status: 'passed',
    })
    expect(events.at(-1)).toMatchObject({
      refused: `“Mend” changes something, and production is changed from a person’s terminal only: handbook runs resume ${run}`,
      standing: [],
    })
    const again = { key: 'key-of-a-resume', contentHash: page.contentHash, after: events.length }
    expect((await browser.press(`/api/runs/${run}/resume`, again)).status).toBe(201)
    const stream = await browser.stream(`/api/runs/${run}/events`)
    await stream.over
    expect(eventsOf(stream).at(-1)).toMatchObject({ refused: expect.stringContaining('terminal only') })
    expect(changed).toEqual([])
    const anna = terminal(`runs resume ${run}`)
    await runBoth(anna)
    await anna.answer('ben must approve', '')
    expect(await sign(run)).toContain('approved by ben')
    expect(await anna.over).toBe(0)
    expect(changed).toEqual(['/mend', '/purge'])
  }, 120_000)

  test('cannot change the deployment by a runner, or a handbook, of its own', async () => {
    const { asServer, changed, refused, page, root } = await setUp()
    const { path: _, permalink: __, ...order } = page
    const text = JSON.stringify({
      run: '20261130-000000-forg',
      page: 'full',
      environment: 'production',
      params: {},
      ...order,
    })
    await asServer('$HANDBOOK runner', text)
    await asServer('$HANDBOOK run full --env production --auto --break-glass forged --unrecorded forged')
    // A handbook that says nothing of terminals, nor of approvals.
    const copied = await asServer(
      `cp -r . ~/copy && cd ~/copy && sed -i '/changes:/d; s/protected: true/auto: danger/' handbook.yaml && $HANDBOOK run full --env production --auto`,
    )
    expect(copied).toContain('cannot be read (EACCES)')
    await asServer(`curl -s -X POST -H "key: $(cat read.key)" $URL/mend`)
    expect(refused).toEqual(['/mend'])
    expect(changed).toEqual([])
    for (const file of ['handbook.yaml', 'runbooks/full.md', 'build/index.html', 'read.key'])
      expect(await asServer(`echo forged >> ${file}; mv ${file} ${file}.old; echo forged > ${file}`), file).toContain(
        'denied',
      )
    expect((await asServer(`touch ${root}/anna/x runbooks/other.md`)).match(/denied/g)).toHaveLength(2)
  }, 60_000)

  test.each([
    ['what it writes into the store answers no question of a person’s terminal', 'changes: terminal', []],
    ['while without that key, what it writes there is an answer: so is one of a browser', 'auto: read', ['/mend']],
  ])(
    '%s',
    async (_, changes, done) => {
      const { terminal, asServer, lastRun, changed } = await setUp(changes)
      const anna = terminal('run full --env production')
      await anna.answer('Run it?', '')
      const run = lastRun()
      await asServer(`RUN=${run}; ${FORGE}`)
      const looksTwice = new Promise(resolve => setTimeout(resolve, 1500))
      if (done.length > 0) await expect.poll(() => changed, { timeout: 60_000 }).toEqual(done)
      else await looksTwice
      expect(changed).toEqual(done)
      anna.close()
    },
    120_000,
  )

  test('forges no approval, and reaches no runner of a person', async () => {
    const { terminal, asServer, lastRun, changed, sign } = await setUp()
    const anna = terminal('run full --env production')
    await runBoth(anna)
    await anna.answer('ben must approve', '')
    const run = lastRun()
    expect(changed).toEqual(['/mend'])
    await asServer(
      `cd .handbook/runs/${run}/approvals && ssh-keygen -q -t ed25519 -N '' -f ~/own && cp purge.txt ~/purge.txt && ssh-keygen -q -Y sign -f ~/own -n handbook ~/purge.txt && mv -f ~/purge.txt.sig purge.txt.sig`,
    )
    await anna.answer('not an approval: it is not signed by an approver of production', '')
    await asServer(`RUN=${run}; ${FORGE}`)
    const pids = (await asServer(`pgrep -u ${ANNA} node`)).trim().split('\n')
    expect(pids.length).toBeGreaterThan(0)
    for (const pid of pids) {
      expect(
        await asServer(`cat /proc/${pid}/environ /proc/${pid}/mem; ls /proc/${pid}/fd; kill -USR1 ${pid}`),
      ).toMatch(/(?:denied[\s\S]*){3}not permitted/)
    }
    expect(changed).toEqual(['/mend'])
    expect(await sign(run)).toContain('approved by ben')
    expect(await anna.over).toBe(0)
    expect(changed).toEqual(['/mend', '/purge'])
  }, 120_000)

  test('has a person’s runner write into no file of that person, nor open one to the group, by a link in the store', async () => {
    const { terminal, asServer, lastRun, root, sign, changeKey } = await setUp()
    const profile = join(root, 'anna/.profile')
    writeFileSync(profile, 'echo hello\n', { mode: 0o600 })
    chownSync(profile, ANNA, ANNA)
    await asServer(
      `cd .handbook; for file in changes.index pruned.ndjson newest-runs unlocked.ndjson; do ln -sf ${profile} $file; done`,
    )
    const anna = terminal('run full --env production')
    await anna.answer('Look', '')
    await expect.poll(lastRun).not.toBe('')
    const run = lastRun()
    await asServer(
      `cd .handbook/runs/${run}; mkdir -p approvals; mkdir -p evidence/mend; chmod 2770 approvals evidence evidence/mend; ln -s ${profile} approvals/purge.txt; ln -s ${profile} evidence/mend/f.redacting`,
    )
    await runBoth(anna)
    await anna.answer('ben must approve', '')
    expect(await sign(run)).toContain('approved by ben')
    expect(await anna.over).toBe(0)
    expect(await terminal('runs unreverted').over).toBe(0)
    expect(readFileSync(profile, 'utf8')).toBe('echo hello\n')
    for (const file of [profile, changeKey]) expect(statSync(file).mode & 0o777, file).toBe(0o600)
  }, 120_000)
})
