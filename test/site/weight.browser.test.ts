import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layPlainSite } from '../../scripts/bench/plain-site.mjs'
import { requires } from '../environment/requires.ts'
import { DESKTOP, provideSite } from './provide-site.ts'
import { type ServedFolder, serveFolder } from './serve-folder.ts'

/** How heavy a page may be, by the same Markdown in Docusaurus as it comes. */
const GOAL = 1.1
const NO_PAGE = '/nowhere'

/** Pages of each type. Those that are not made of Markdown are measured against the lightest page that there is. */
const PAGES: readonly [what: string, path: string, plain?: string][] = [
  ['the front page', '/', NO_PAGE],
  ['the list of runbooks', '/runbooks', NO_PAGE],
  ['a runbook', '/runbooks/storage-filling'],
  ['a guide', '/docs/running'],
  ['a guide with steps', '/docs/deployment/deploy'],
  ['symptoms', '/docs/operations/troubleshooting'],
  ['a decision', '/docs/contributing/decisions/pages-stay-commonmark'],
  ['a guide with a diagram', '/docs/security'],
  ['the list of rules', '/docs/contributing/rules'],
  ['the scorecard', '/docs/readiness'],
  ['an area of readiness', '/docs/readiness/log'],
  ['the glossary', '/docs/glossary'],
  ['alerts and symptoms', '/docs/operations'],
  ['no page', NO_PAGE],
  ['no page, for an alert', '/docs/UploadBridgeApiDwn'],
]
const LIVE: readonly [what: string, path: string, plain?: string][] = [
  ['the front page', '/', NO_PAGE],
  ['a runbook', '/runbooks/storage-filling'],
  ['a guide with steps', '/docs/deployment/deploy'],
  ['an area of readiness', '/docs/readiness/log'],
  ['runs', '/runs', NO_PAGE],
  ['incidents', '/incidents', NO_PAGE],
]
const SCREENS: readonly [name: string, screen: BrowserContextOptions][] = [
  ['on a phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
  ['on a desktop', DESKTOP],
]

describe.runIf(requires('the weight of pages in a browser', ['chromium']))('all that a page loads, compressed', () => {
  const { folder, browser } = provideSite()
  let root: string
  let ours: ServedFolder
  let live: ServedFolder
  let plain: ServedFolder

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'handbook-plain-'))
    await layPlainSite(root)
    const docusaurus = resolve('node_modules/@docusaurus/core/bin/docusaurus.mjs')
    await execa(process.execPath, [docusaurus, 'build'], { cwd: root, env: { NO_COLOR: '1' } })
    ours = await serveFolder(folder())
    live = await serveFolder(folder(), html => html.replace('<html ', '<html data-live '))
    plain = await serveFolder(join(root, 'build'))
  }, 600_000)

  afterAll(async () => {
    for (const served of [ours, live, plain]) await served?.close()
    await rm(root, { recursive: true, force: true })
  })

  describe.each(SCREENS)('%s', (_, screen) => {
    const compare = async (served: ServedFolder, path: string, plainPath: string) => {
      const bytes = await weigh(served, path, screen)
      const ratio = bytes / (await weigh(plain, plainPath, screen))
      console.log(`${path}: ${bytes} bytes, ${ratio.toFixed(2)} × plain`)
      expect(ratio, `${path} has ${bytes} bytes, ${ratio.toFixed(2)} × plain`).toBeLessThanOrEqual(GOAL)
    }
    it.each(PAGES)('%s is not heavier than plain', (_, path, other = path) => compare(ours, path, other), 120_000)
    it.each(LIVE)('%s, live, is not heavier than plain', (_, path, other = path) => compare(live, path, other), 120_000)
  })

  it('the first screen of the front page on a phone has come with 100 KB, at 4G', async () => {
    const context = await browser().newContext(SCREENS[0]?.[1])
    const page = await context.newPage()
    const bytes = await countToFirstScreen(page, ours.url)
    console.log(`the first screen of the front page: ${bytes} bytes`)
    expect(bytes).toBeGreaterThan(1000)
    expect(bytes).toBeLessThanOrEqual(100 * 1024)
    await context.close()
  })

  /** All bytes until nothing more is asked for; what a live server answers is no part of the page. */
  async function weigh({ url, sent }: ServedFolder, path: string, screen: BrowserContextOptions): Promise<number> {
    const before = sent.length
    const context = await browser().newContext(screen)
    const page = await context.newPage()
    await page.goto(`${url}${path}`, { waitUntil: 'networkidle' })
    await page.locator('html[data-has-hydrated="true"]').waitFor()
    let count = -1
    while (count !== sent.length) {
      count = sent.length
      await page.waitForTimeout(1000)
    }
    await context.close()
    const files = sent.slice(before).filter(file => !file.path.startsWith('/api/'))
    return files.reduce((sum, { bytes }) => sum + bytes, 0)
  }
})

/** The bytes that had come when the largest part of the first screen was there, at 1.6 Mbit/s and 150 ms: a slow 4G. */
async function countToFirstScreen(page: Page, url: string): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: 200_000,
    uploadThroughput: 94_000,
  })
  const came: { time: number; bytes: number }[] = []
  let toWallTime = 0
  session.on('Network.requestWillBeSent', ({ wallTime, timestamp }) => {
    toWallTime ||= wallTime - timestamp
  })
  session.on('Network.dataReceived', ({ timestamp, encodedDataLength }) =>
    came.push({ time: timestamp + toWallTime, bytes: encodedDataLength }),
  )
  await page.goto(url, { waitUntil: 'networkidle' })
  const shown = Number(
    await page.evaluate(`new Promise(done => new PerformanceObserver(list =>
      done((performance.timeOrigin + list.getEntries().at(-1).startTime) / 1000)
    ).observe({ type: 'largest-contentful-paint', buffered: true }))`),
  )
  return came.filter(({ time }) => time <= shown).reduce((sum, { bytes }) => sum + bytes, 0)
}
