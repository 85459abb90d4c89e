import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort } from '../bridge/support/free-port.ts'
import { requires } from '../environment/requires.ts'
import { laySite, type SiteCopy } from './lay-site.ts'

const LONG = { timeout: 120_000, interval: 250 }

describe.runIf(requires('live problems in a browser', ['chromium']))('while somebody writes, docusaurus start', () => {
  let site: SiteCopy
  let server: ReturnType<SiteCopy['start']>
  let browser: Browser
  let page: Page
  let path: string
  let text: string
  let url: string

  beforeAll(async () => {
    site = await laySite()
    path = join(site.root, 'runbooks/storage-filling.md')
    text = await readFile(path, 'utf8')
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    server = site.start(port)
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
    page = await browser.newPage()
    await vi.waitUntil(async () => !server.running() || (await isUp()), { ...LONG, timeout: 240_000 })
    expect(server.running(), server.said()).toBe(true)
    await page.goto(`${url}/runbooks/storage-filling`)
    await page.getByRole('heading', { level: 1 }).waitFor()
  }, 400_000)

  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await site?.remove()
  })

  const isUp = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
  const panel = () => page.getByRole('complementary', { name: 'Problems of the handbook' })
  const shown = async () => ((await panel().count()) === 0 ? '' : String(await panel().textContent()))

  /** Saves the page, and gives what the terminal says from then on. */
  async function save(changed: string): Promise<() => string> {
    const before = server.said().length
    await writeFile(path, changed)
    return () => server.said().slice(before)
  }

  it('shows nothing of a page with which nothing is wrong', async () => {
    expect(await shown()).not.toContain('storage-filling')
  })

  it('tells of a mistake that was just saved, in the terminal and on its page, at its place', async () => {
    const line = text.split('\n').findIndex(line => line.includes('$TARGET_STORAGE_PATH')) + 1
    const said = await save(text.replace('$TARGET_STORAGE_PATH', '$TARGET_STORAGE_PAHT'))
    await expect.poll(said, LONG).toMatch(new RegExp(`runbooks/storage-filling\\.md:${line}:\\d+ error bash-variable`))
    await expect.poll(shown, LONG).toContain(`runbooks/storage-filling.md:${line}:`)
    expect(await shown()).toMatch(/error.*TARGET_STORAGE_PAHT.*hint.*TARGET_STORAGE_PATH/s)
    expect(await panel().getByText('TARGET_STORAGE_PAHT').first().isVisible()).toBe(true)
  }, 300_000)

  it('takes it back when the page is mended', async () => {
    const said = await save(text)
    await expect.poll(said, LONG).toMatch(/✓ \d+ pages, nothing wrong|^! \d+ warning/m)
    await expect.poll(shown, LONG).not.toContain('TARGET_STORAGE_PAHT')
  }, 300_000)

  it('outlives a page that nobody can read, and shows what is wrong with it', async () => {
    const said = await save(text.replace('alerts: [', 'alerts: {['))
    await expect.poll(said, LONG).toMatch(/runbooks\/storage-filling\.md:\d+:\d+ error front-matter/)
    await expect.poll(shown, LONG).toContain('The front matter is not valid YAML')
    const mended = await save(text)
    await expect.poll(mended, LONG).toMatch(/✓ \d+ pages, nothing wrong|^! \d+ warning/m)
    await expect.poll(shown, LONG).not.toContain('front matter')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('storage volume')
    expect(server.running()).toBe(true)
    expect(await isUp()).toBe(true)
  }, 400_000)
})
