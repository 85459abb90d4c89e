import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '../../bridge/support/free-port.ts'
import { requires } from '../../environment/requires.ts'
import { DESKTOP, provideSite } from '../../site/provide-site.ts'
import { openBadLine } from './bad-line.ts'

const COMMAND = resolve('dist/handbook.cjs')
const LONG = { timeout: 60_000 }

const PAGE = `---
title: A page on a bad line
description: It reads something, and changes a file.
owner: platform
reviewed: 2026-11-28
---

## Procedure

### Read something <!-- #look -->

\`\`\`bash risk=read
echo "it is there"
\`\`\`

### Change a file <!-- #write -->

\`\`\`bash
echo written >> "$TARGET_STORAGE_PATH/written"
until [ -e "$TARGET_STORAGE_PATH/go" ]; do echo waits; sleep 0.5; done
\`\`\`
`

const FACTS =
  'url metricsUrl workerUrl downstreamUrl configPath releasesPath backupRepository backupCopy backupPasswordFile databaseAdministratorFile prometheusUrl alertmanagerUrl alertmanagerConfigPath deadMansSwitchUrl'

describe.runIf(requires('a served handbook on a bad line', ['chromium']))('on a bad line', () => {
  let root: string
  let place: string
  const site = provideSite(async folder => {
    root = folder
    place = join(folder, 'place')
    await mkdir(place)
    await writeFile(join(place, 'key'), 'a key that nobody uses', { mode: 0o600 })
    await writeFile(join(folder, 'docs/try.md'), PAGE)
    const file = join(folder, 'handbook.yaml')
    const facts = FACTS.split(' ').map(name => `${name}: nowhere`)
    const here = `  here:\n    target: { storagePath: ${place}, ${facts.join(', ')} }\n    secrets: { readKey: { file: ${place}/key, for: read } }\n`
    await writeFile(file, `${await readFile(file, 'utf8')}${here}`)
  })

  it.each([1, 2])(
    'a press is done once, and old output is shown as old (seed %i)',
    async seed => {
      const port = await freePort()
      const line = await openBadLine(port, seed)
      onTestFinished(() => line.close())
      const url = `http://127.0.0.1:${line.port}`
      const words = ['serve', '--env', 'here', '--port', String(port), '--public-url', url]
      const server = execa(process.execPath, [COMMAND, ...words], { cwd: root, reject: false, env: { NO_COLOR: '1' } })
      onTestFinished(() => void server.kill('SIGKILL'))
      let said = ''
      server.stdout.on('data', chunk => {
        said += String(chunk)
      })
      const link = () => /http:\S+\/enter\/\S+/.exec(said)?.[0]
      await vi.waitUntil(link, LONG)
      await Promise.all(['written', 'go'].map(name => execa('rm', ['-f', join(place, name)])))
      const runs = () => readdir(join(root, '.handbook/runs')).catch((): string[] => [])
      const before = (await runs()).length
      const context = await site.browser().newContext(DESKTOP)
      onTestFinished(() => context.close())
      const page = await context.newPage()
      await page.goto(link() ?? '', LONG)
      await page.goto(`${url}/docs/try`, LONG)
      const button = (name: string) => page.getByRole('button', { name, exact: true })
      const isShut = (name: string) => button(name).getAttribute('aria-disabled', LONG)

      // The run begins, and the browser does not hear of it.
      await button('Run this page …').click(LONG)
      line.cutAnswerOf(/^\/api\/runs$/)
      await button('Run Procedure').click(LONG)
      await expect.poll(() => isShut('Run'), LONG).toBe('false')
      expect(await runs()).toHaveLength(before + 1)

      // It is answered, twice in haste, and the browser does not hear of it either.
      line.cutAnswerOf(/\/answers$/)
      await button('Run').dblclick(LONG)
      await expectShutUntilDone(page)
      const output = page.getByRole('region', { name: 'Output of Change a file' })
      await output.getByText('waits').first().waitFor(LONG)
      expect(await readFile(join(place, 'written'), 'utf8')).toBe('written\n')

      // Nothing goes through: what is shown is old, and says so; nothing can be pressed.
      const story = page.getByRole('region', { name: 'What happened so far' })
      const filter = () => story.evaluate(element => getComputedStyle(element).filter)
      await expect.poll(filter, LONG).toBe('none')
      line.setGone(true)
      await page.getByText(/The server is not heard: this is \d+ s old/).waitFor(LONG)
      expect(await isShut('Stop')).toBe('true')
      expect(await filter()).toBe('grayscale(1)')
      expect(await story.textContent()).toContain('waits')
      await writeFile(join(place, 'go'), '')
      line.setGone(false)
      const ending = page.getByRole('region', { name: 'How it ended' })
      await ending.getByText(/^PASSED/).waitFor(LONG)
      expect(await filter()).toBe('none')

      // Each was sent again with its key, and done once.
      const begun = line.presses.filter(({ path }) => path === '/api/runs')
      const answers = line.presses.filter(({ path }) => path.endsWith('/answers'))
      for (const sent of [begun, answers]) {
        expect(sent.filter(({ cut }) => cut)).toHaveLength(1)
        expect(sent.length).toBeGreaterThan(1)
        expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
      }
      expect(await runs()).toHaveLength(before + 1)
      const run = (await runs()).toSorted().at(-1) ?? ''
      const ledger = await readFile(join(root, '.handbook/runs', run, 'ledger.ndjson'), 'utf8')
      expect(ledger.match(/"type":"run\.answered"/g)).toHaveLength(1)
      expect(await readFile(join(place, 'written'), 'utf8')).toBe('written\n')
    },
    240_000,
  )
})

/** Between the press and what the server shows of it, no button of the question can be pressed once more. */
async function expectShutUntilDone(page: Page): Promise<void> {
  const open = page.locator('button:text-is("Run")[aria-disabled="false"]')
  const done = page.getByRole('region', { name: 'Output of Change a file' })
  while ((await done.count()) === 0) expect(await open.count()).toBe(0)
}
