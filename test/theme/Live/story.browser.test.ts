import { cp, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { KEYS, startTerminal } from '../../cli/terminal.ts'
import { requires } from '../../environment/requires.ts'
import { laySite, type SiteCopy } from '../../site/lay-site.ts'
import { DESKTOP } from '../../site/provide-site.ts'

const NEEDS = ['chromium', 'nginx', 'prometheus', 'prometheus-alertmanager', 'script']
const HAS_ALL = requires('the whole story, in a browser', NEEDS)
const SOON = { timeout: 60_000 }
/** A build of the site, and a lab, on a machine of two slow cores. */
const STARTED = { timeout: 600_000, interval: 200 }

let site: SiteCopy
let browser: Browser
let terminal: ReturnType<typeof startTerminal> | undefined

beforeAll(async () => {
  if (!HAS_ALL) return
  site = await laySite()
  await cp(resolve('dist'), join(site.root, 'dist'), { recursive: true })
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
})

afterAll(async () => {
  await browser?.close()
  await site?.remove()
})

/** Does what `npm start` and the pages say, in another terminal. */
function type(command: string) {
  const words = `${process.execPath} dist/handbook.cjs`
  return execa('bash', ['-c', command.replace(/^npx handbook/, words)], { cwd: site.root, reject: false })
}

async function stateOfLab(): Promise<string> {
  return JSON.parse((await type('npx handbook lab status --json')).stdout).state
}

it.runIf(HAS_ALL)(
  'from npm start: broken, the alert, its page run there, healed, resolved, and a postmortem that check accepts',
  async () => {
    terminal = startTerminal('npm start', {
      cwd: site.root,
      env: { ...process.env, NODE_ENV: undefined, NO_COLOR: '1' },
    })
    const { shown, over } = terminal
    try {
      const says = (pattern: RegExp) => pattern.exec(shown())?.[0] ?? ''
      await vi.waitUntil(
        () => says(/npx handbook lab break \S+/) !== '' || says(/ended with exit code/) !== '',
        STARTED,
      )
      expect(shown()).not.toContain('ended with exit code')
      await vi.waitUntil(async () => (await stateOfLab()) === 'running', STARTED)
      const page = await (await browser.newContext(DESKTOP)).newPage()
      const wrong: string[] = []
      page.on('pageerror', error => wrong.push(error.message))
      await page.goto(says(/http:\S+\/enter\/\S+/))
      const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
      await page.getByRole('heading', { name: /^Nothing fires/ }).waitFor(STARTED)

      const broken = await type(says(/npx handbook lab break \S+/))
      expect(broken.exitCode, broken.stderr).toBe(0)
      const open = page.getByRole('link', { name: 'Open runbook The storage volume is filling up' }).first()
      await open.waitFor({ timeout: 180_000 })
      await button('Declare an incident').click()
      const article = page.getByRole('article')
      await article.getByText('Nobody has said yet what customers see.').waitFor(SOON)
      await button('Severity …').click()
      await page.getByRole('combobox', { name: 'Severity' }).selectOption('SEV2')
      await page.getByRole('textbox', { name: 'What customers see' }).fill('Uploads are refused')
      await button('Say so').click()
      await article.getByRole('heading', { name: 'SEV2' }).waitFor(SOON)
      const incident = page.url()

      await page.goto(new URL('/', incident).href)
      await open.click()
      await button('Run Diagnose').click()
      expect(await answerAll(page)).toMatch(/^HEALED after/)

      await page.goto(new URL('/', incident).href)
      await page.getByRole('heading', { name: /^Nothing fires/ }).waitFor({ timeout: 180_000 })
      await page.goto(incident)
      for (const line of ['UploadBridgeStorageFilling', 'ended: healed'])
        await article.getByText(line).first().waitFor(SOON)
      await button('Close …').click()
      await button('Close it').click()
      await button('Draft the postmortem').click()
      const drafted = article.getByText(/^The draft is docs\/incidents\/.*uploads-are-refused\.md/)
      await drafted.waitFor(SOON)
      const draft = /docs\/\S+\.md/.exec((await drafted.textContent()) ?? '')?.[0] ?? ''
      const text = await readFile(join(site.root, draft), 'utf8')
      for (const part of ['UploadBridgeStorageFilling', 'ended: healed', 'Healed: '])
        expect(text.replace(/- Healed: no run.*/, '')).toContain(part)
      await fillIn(draft)
      expect(wrong).toEqual([])
      await page.context().close()
    } finally {
      await terminal.answer('', KEYS.interrupt)
      await over
    }
    expect(await stateOfLab()).toBe('down')
  },
  1_500_000,
)

/** Presses what goes on, at each question, and approves as a second person, until the run has ended. Gives how it ended. */
async function answerAll(page: Page): Promise<string> {
  const ending = page.getByRole('region', { name: 'How it ended' })
  // A form that is shut has its buttons, too.
  const ready = (name: string) =>
    page
      .locator('button:not([aria-disabled="true"])')
      .filter({ hasText: new RegExp(`^${name}$`), visible: true })
      .first()
  const deadline = performance.now() + 300_000
  while ((await ending.count()) === 0 && performance.now() < deadline) {
    for (const name of ['Run it in lab', 'Run: no way back', 'Run']) {
      if ((await ready(name).count()) === 0) continue
      // Somebody's finger may be late: what was asked may be asked no more.
      await ready(name)
        .click({ timeout: 5000 })
        .catch(() => undefined)
      break
    }
    const awaited = page.getByRole('region', { name: 'Waits for the approval of a second person' })
    if ((await awaited.count()) > 0) {
      const command = (await awaited.getByText('runs approve').textContent()) ?? ''
      const { exitCode, stderr } = await type(`${command} --yes`)
      expect(exitCode, stderr).toBe(0)
      await awaited.waitFor({ state: 'detached', ...SOON })
    }
    await page.waitForTimeout(250)
  }
  await ending.waitFor(SOON)
  return (await ending.textContent()) ?? ''
}

/** Writes, as its author, what check says is left to write, until it says nothing more. */
async function fillIn(draft: string): Promise<void> {
  const check = async () => {
    const { stdout } = await type(`npx handbook check ${draft} --json`)
    const { problems }: { problems: readonly { line: number; rule: string }[] } = JSON.parse(stdout)
    return problems
  }
  const left = await check()
  expect(new Set(left.map(({ rule }) => rule))).toEqual(new Set(['template-filled']))
  const lines = (await readFile(join(site.root, draft), 'utf8')).split('\n')
  for (const { line } of left) {
    const text = lines[line - 1] ?? ''
    lines[line - 1] = text.startsWith('|')
      ? text.replaceAll(/\|\s+(?=\|)/g, '| none: the clients belong to the lab ')
      : 'It was the lab’s fault storage-filling, injected by hand.'
  }
  await writeFile(join(site.root, draft), lines.join('\n'))
  expect(await check()).toEqual([])
}
