import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '../../bridge/support/free-port.ts'
import { startTerminal } from '../../cli/terminal.ts'
import { requires } from '../../environment/requires.ts'
import { DESKTOP, provideSite } from '../../site/provide-site.ts'

const COMMAND = resolve('dist/handbook.cjs')
const LONG = { timeout: 30_000 }

const PAGE = `---
title: A page to try
description: It reads something, changes a file, and can be held up.
owner: platform
reviewed: 2026-11-28
params:
  word: { type: string, default: hello, description: What is written, label: word }
---

## Procedure

### Read something <!-- #look -->

\`\`\`bash risk=read
printf '\\033[32mgreen\\033[0m and <b>plain</b>\\n'
echo "it=\${WORD}" >> "$STEP_OUTPUT"
\`\`\`

### Change a file <!-- #write -->

\`\`\`bash irreversible="It is a file of a test."
until [ -e "$TARGET_STORAGE_PATH/go" ]; do echo waits; sleep 0.2; done
echo "$WORD" >> "$TARGET_STORAGE_PATH/written"
\`\`\`
`

/** It deletes what a list names: more than usual, and for ever. */
const PURGE = `---
title: A page with a danger
description: It deletes what nobody needs.
owner: platform
reviewed: 2026-11-28
---

## Procedure

### List what is old <!-- #old -->

\`\`\`bash risk=read
printf 'items<<END\\nfirst.part\\nsecond.part\\nEND\\n' >> "$STEP_OUTPUT"
\`\`\`

### Delete it <!-- #purge -->

\`\`\`bash risk=danger touches=old.items max=1 irreversible="what is deleted is gone"
echo purged >> "$TARGET_STORAGE_PATH/purged"
\`\`\`
`

/** An environment of files alone: nobody can be asked what fires. */
const describeEnvironment = (name: string, place: string, more = '') => `  ${name}:
${more}    target:
      storagePath: ${place}
${FACTS.map(name => `      ${name}: nowhere\n`).join('')}    secrets:
      readKey: { file: ${place}/key, for: read }
`
const FACTS =
  'url metricsUrl workerUrl downstreamUrl configPath releasesPath backupRepository backupCopy backupPasswordFile databaseAdministratorFile prometheusUrl alertmanagerUrl alertmanagerConfigPath deadMansSwitchUrl'.split(
    ' ',
  )

describe.runIf(requires('a served handbook in a browser', ['chromium']))(
  'the pages that handbook serve gives out',
  () => {
    let root: string
    let place: string
    let port: number
    let server: Awaited<ReturnType<typeof serve>>
    let used = ''
    let context: BrowserContext | undefined
    let wrong: string[] = []
    let opened: Page[] = []
    const site = provideSite(async folder => {
      root = folder
      place = join(folder, 'place')
      await mkdir(place)
      await writeFile(join(place, 'key'), 'a key that nobody uses', { mode: 0o600 })
      await writeFile(join(folder, 'docs/try.md'), PAGE)
      await writeFile(join(folder, 'docs/purge.md'), PURGE)
      const file = join(folder, 'handbook.yaml')
      const approvers: string[] = []
      for (const name of ['anna', 'ben']) {
        await mkdir(join(folder, name, '.ssh'), { recursive: true, mode: 0o700 })
        const key = join(folder, name, '.ssh/id_ed25519')
        await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key])
        approvers.push(`      ${name}: ${(await readFile(`${key}.pub`, 'utf8')).trim()}\n`)
      }
      const guarded = `    protected: true\n    approvers:\n${approvers.join('')}`
      const environments = `${describeEnvironment('here', place)}${describeEnvironment('guarded', place, guarded)}`
      const rota = { people: [{ team: 'storage', name: 'Ada', telephone: '+44 20 7946 0001' }] }
      await writeFile(join(folder, 'rota.json'), JSON.stringify(rota))
      await writeFile(file, `${await readFile(file, 'utf8')}${environments}onCall: { file: rota.json }\n`)
    })

    const serve = async (environment = 'here', at = port, ...more: readonly string[]) => {
      const words = ['serve', '--env', environment, '--port', String(at), ...more]
      const child = execa(process.execPath, [COMMAND, ...words], {
        cwd: root,
        reject: false,
        env: { NO_COLOR: '1' },
      })
      let said = ''
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', chunk => {
          said += String(chunk)
        })
      const find = () => /http:\S+\/enter\/\S+/.exec(said)?.[0] ?? ''
      await vi.waitUntil(() => find() !== '' || child.exitCode !== null, LONG)
      expect(find(), said).not.toBe('')
      return { child, link: find() }
    }

    beforeAll(async () => {
      port = await freePort()
      server = await serve()
    })
    afterEach(async () => {
      for (const page of opened) await page.close()
      opened = []
      wrong = []
    })
    afterAll(async () => {
      server?.child.kill('SIGTERM')
      expect((await server?.child)?.exitCode).toBe(0)
    })

    /** A page of the one browser that came in by the server's link. */
    const open = async (path: string) => {
      context ??= await site.browser().newContext(DESKTOP)
      const page = await context.newPage()
      opened.push(page)
      page.on('console', message => {
        if (message.type() === 'error') wrong.push(message.text())
      })
      if (server.link !== used) await page.goto(server.link)
      used = server.link
      await page.goto(`http://127.0.0.1:${port}${path}`)
      return page
    }
    const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
    const isShut = (page: Page, name: string) => button(page, name).getAttribute('aria-disabled')

    it('run a page from the first press to its end, with one who kills the server on the way', async () => {
      const page = await open('/')
      await page.getByRole('heading', { name: /^Nobody was asked what fires/ }).waitFor(LONG)
      expect(wrong).toEqual([])
      await page.goto(`http://127.0.0.1:${port}/docs/try?label.word=from-the-alert`)
      await button(page, 'Run this page …').click()
      await button(page, 'Run Procedure').click()
      const panel = () => page.getByRole('region', { name: 'Run this page' }).textContent()
      await expect.poll(panel, LONG).toContain('it=from-the-alert')
      // Until then its output is open, and folds by itself.
      await expect.poll(() => isShut(page, 'Run'), LONG).toBe('false')
      await page.getByText('1 line of output').click()
      await page.getByRole('region', { name: 'Output of Read something' }).getByText('<b>plain</b>').waitFor()
      await expect.poll(panel, LONG).toContain('No way back: It is a file of a test.')
      await button(page, 'Run').click()
      await page.getByRole('region', { name: 'Output of Change a file' }).getByText('waits').first().waitFor(LONG)
      expect(wrong).toEqual([])

      server.child.kill('SIGKILL')
      await server.child
      await page.getByText(/The server is not heard: this is \d+ s old/).waitFor(LONG)
      expect(await isShut(page, 'Stop')).toBe('true')
      await writeFile(join(place, 'go'), '')
      await expect.poll(() => readFile(join(place, 'written'), 'utf8').catch(() => ''), LONG).toBe('from-the-alert\n')

      server = await serve()
      const { pathname, search } = new URL(page.url())
      const again = await open(pathname + search)
      const ending = again.getByRole('region', { name: 'How it ended' })
      await ending.waitFor(LONG)
      expect(await ending.textContent()).toMatch(/^PASSED after .*2 steps passed/)
      expect(await again.locator('section[aria-labelledby="write"]').getAttribute('data-run')).toBe('passed')
    }, 120_000)

    it('show of a real environment neither a score nor badges, and nothing to practise with', async () => {
      const page = await open('/')
      await page.getByRole('heading', { name: /^Nobody was asked what fires/ }).waitFor(LONG)
      for (const text of ['What is known to work', 'Then practise.', 'api-hanging']) {
        const found = page.getByText(text).first()
        expect([text, await found.count(), await found.isVisible()]).toEqual([text, 1, false])
      }
    })

    it('say on a runbook who is on call, on paper too, and to no stranger', async () => {
      const path = '/runbooks/storage-filling'
      const page = await open(path)
      const call = page.getByRole('link', { name: '+44 20 7946 0001' })
      await call.waitFor(LONG)
      expect(await call.getAttribute('href')).toBe('tel:+442079460001')
      expect(await call.locator('xpath=ancestor::div[1]').textContent()).toBe('Ada +44 20 7946 0001')
      await page.goto(`http://127.0.0.1:${port}${path}?print=checklist`)
      await page.emulateMedia({ media: 'print' })
      await call.waitFor({ ...LONG, state: 'visible' })

      const stranger = await (await site.browser().newContext(DESKTOP)).newPage()
      opened.push(stranger)
      await stranger.goto(`http://127.0.0.1:${port}${path}`)
      await stranger.getByText('#upload-bridge-storage').first().waitFor(LONG)
      await stranger.waitForLoadState('networkidle')
      expect(await stranger.content()).not.toContain('7946')
    })

    it('refuse a page that was changed since it was built, and say so at the button', async () => {
      const page = await open('/docs/try')
      await button(page, 'Run this page …').click()
      await writeFile(join(root, 'docs/try.md'), PAGE.replace('hello', 'changed'))
      await button(page, 'Run Procedure').click()
      await expect
        .poll(() => page.getByRole('region', { name: 'Begin' }).textContent(), LONG)
        .toMatch(/changed|differs|another/i)
      await writeFile(join(root, 'docs/try.md'), PAGE)
    })

    it('follow a run that was begun in a terminal, in two windows, and answer it', async () => {
      const terminal = startTerminal(`${process.execPath} ${COMMAND} run try --env here --param word=typed`, {
        cwd: root,
        env: process.env,
      })
      await vi.waitUntil(() => terminal.shown().includes('Run it'), LONG)
      const page = await open('/docs/try')
      await page.getByRole('button', { name: /runs it now: follow$/ }).click()
      await expect.poll(() => isShut(page, 'Run'), LONG).toBe('false')
      const other = await open(`/runs?run=${new URL(page.url()).searchParams.get('run')}`)
      await expect.poll(() => isShut(other, 'Note …'), LONG).toBe('false')
      // A page in the background is not here: each window is in front once.
      await other.getByText('here: you in 2 windows').waitFor(LONG)
      await button(other, 'Note …').click()
      await other.getByRole('textbox', { name: 'Note' }).fill('seen by both')
      await button(other, 'Add the note').click()
      await page.getByRole('region', { name: 'Notes' }).getByText('seen by both').waitFor(LONG)
      await button(page, 'Run').click()
      for (const each of [page, other])
        await each
          .getByRole('region', { name: 'How it ended' })
          .getByText(/^PASSED/)
          .waitFor(LONG)
      expect(await terminal.over).toBe(0)
      expect(terminal.shown()).toContain('PASSED')
    }, 120_000)

    it('declare an incident by one press, and work it to its postmortem', async () => {
      const page = await open('/')
      await button(page, 'Declare an incident').click()
      const article = page.getByRole('article')
      await article.getByText('Nobody has said yet what customers see.').waitFor(LONG)
      await button(page, 'Severity …').click()
      await page.getByRole('combobox', { name: 'Severity' }).selectOption('SEV3')
      await page.getByRole('textbox', { name: 'What customers see' }).fill('A file of a test is wrong')
      await button(page, 'Say so').click()
      await article.getByRole('heading', { name: 'SEV3' }).waitFor(LONG)
      await execa(process.execPath, [COMMAND, 'incident', 'note', 'said in a terminal'], { cwd: root })
      await article.getByText('said in a terminal').waitFor(LONG)
      await button(page, 'Close …').click()
      await button(page, 'Close it').click()
      await button(page, 'Draft the postmortem').click()
      await article.getByText(/^The draft is docs\/incidents\/.*a-file-of-a-test-is\.md/).waitFor(LONG)
      expect(wrong).toEqual([])
    }, 120_000)

    it('resume a run whose runner was killed', async () => {
      await rm(join(place, 'go'), { force: true })
      const page = await open('/docs/try?label.word=resumed')
      await button(page, 'Run this page …').click()
      await button(page, 'Run Procedure').click()
      await expect.poll(() => isShut(page, 'Run'), LONG).toBe('false')
      await button(page, 'Run').click()
      await page.getByRole('region', { name: 'Output of Change a file' }).getByText('waits').first().waitFor(LONG)
      const run = new URL(page.url()).searchParams.get('run') ?? ''
      const ledger = await readFile(join(root, '.handbook/runs', run, 'ledger.ndjson'), 'utf8')
      process.kill(JSON.parse(ledger.split('\n')[0] ?? '').by.pid, 'SIGKILL')
      await button(page, 'Resume, repeat …').click(LONG)
      await writeFile(join(place, 'go'), '')
      await button(page, 'Run it again').click()
      await expect.poll(() => isShut(page, 'Run'), LONG).toBe('false')
      await button(page, 'Run').click()
      await page
        .getByRole('region', { name: 'How it ended' })
        .getByText(/^PASSED/)
        .waitFor(LONG)
      expect(await readFile(join(place, 'written'), 'utf8')).toMatch(/resumed\n$/)
    }, 120_000)

    it('stop a run at what it asks, and say how to resume it', async () => {
      const page = await open('/docs/try')
      await button(page, 'Run this page …').click()
      await button(page, 'Run Procedure').click()
      await expect.poll(() => isShut(page, 'Run'), LONG).toBe('false')
      await button(page, 'Stop').click()
      await page
        .getByRole('region', { name: 'How it ended' })
        .getByText(/handbook runs resume/)
        .waitFor(LONG)
    })

    it('wait for a second person, who sees in another browser what it is about and allows it; both are on record', async () => {
      const other = await freePort()
      const guarded = await serve('guarded', other, '--as', 'anna')
      onTestFinished(() => void guarded.child.kill('SIGTERM'))
      const invited = await execa(process.execPath, [COMMAND, 'serve', '--invite', 'approver', '--as', 'ben'], {
        cwd: root,
      })
      const comeIn = async (link: string) => {
        const context = await site.browser().newContext(DESKTOP)
        onTestFinished(() => context.close())
        const page = await context.newPage()
        await page.goto(link)
        return page
      }
      const anna = await comeIn(guarded.link)
      const ben = await comeIn(/http\S+/.exec(invited.stdout)?.[0] ?? '')
      await anna.goto(`http://127.0.0.1:${other}/docs/purge`)
      await button(anna, 'Run this page …').click()
      await button(anna, 'Run Procedure').click()
      await expect.poll(() => isShut(anna, 'Run: no way back'), LONG).toBe('false')
      await button(anna, 'Run: no way back').click()
      const dialog = anna.getByRole('dialog', { name: 'Run “Delete it” in guarded?' })
      await dialog.getByText('The page’s usual most is 1.').waitFor(LONG)
      await dialog.getByRole('textbox', { name: 'Type the number of things: 2' }).fill('2')
      await button(anna, 'Run it in guarded').click()

      await ben.goto(`http://127.0.0.1:${other}/`)
      await ben.getByRole('link', { name: /Delete it/ }).click(LONG)
      const card = (page: Page) => page.getByRole('region', { name: 'Waits for the approval of a second person' })
      await card(ben).getByText('More than usual: it touches 2, and 1 is the page’s usual most.').waitFor(LONG)
      await card(anna).waitFor(LONG)
      const command = (await card(ben).getByText('runs approve').textContent()) ?? ''
      expect(await card(anna).getByText('runs approve').textContent()).toBe(command)
      /** What the page shows, in somebody's own terminal. */
      const sign = (name: string) =>
        execa('bash', ['-c', `${command.replace('npx handbook', '"$NODE" "$HANDBOOK"')} --yes`], {
          cwd: root,
          reject: false,
          env: { HOME: join(root, name), NODE: process.execPath, HANDBOOK: COMMAND },
        })
      const own = await sign('anna')
      expect(own.exitCode, own.stderr).toBe(3)
      expect(own.stderr).toContain('This approves nothing')
      await expect(readFile(join(place, 'purged'))).rejects.toThrow()
      const signed = await sign('ben')
      expect(signed.exitCode, signed.stderr).toBe(0)

      for (const page of [anna, ben])
        await page
          .getByRole('region', { name: 'How it ended' })
          .getByText(/^PASSED/)
          .waitFor(LONG)
      expect(await readFile(join(place, 'purged'), 'utf8')).toBe('purged\n')
      const run = new URL(anna.url()).searchParams.get('run') ?? ''
      const shown = await execa(process.execPath, [COMMAND, 'runs', 'show', run], { cwd: root })
      expect(shown.stdout).toMatch(/anna/)
      expect(shown.stdout).toContain('approved by ben')
    }, 180_000)
  },
)
