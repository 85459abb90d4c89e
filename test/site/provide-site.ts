import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { laySite, type SiteCopy } from './lay-site.ts'
import { measurePages } from './measure-pages.ts'
import { serveFolder } from './serve-folder.ts'

/** How a desktop shows a page. */
export const DESKTOP = { viewport: { width: 1280, height: 900 } }

/** The site of a test file, built and served, in a browser of its own. */
export interface ProvidedSite {
  /** The folder of what was built. */
  readonly folder: () => string
  readonly url: () => string
  readonly browser: () => Browser
  /** Opens a page, and hears what goes wrong on it: errors, and requests that leave the site. */
  open(path: string, options?: BrowserContextOptions): Promise<{ readonly page: Page; readonly wrong: string[] }>
}

/** Builds the site before the tests of a file, where `lay` may add pages, and takes it away after them. */
export function provideSite(lay: (root: string) => Promise<void> = async () => {}): ProvidedSite {
  let site: SiteCopy
  let served: Awaited<ReturnType<typeof serveFolder>>
  let browser: Browser
  const measure = measurePages()

  beforeAll(async () => {
    site = await laySite()
    await lay(site.root)
    const { exitCode, all } = await site.build()
    expect(exitCode, String(all)).toBe(0)
    served = await serveFolder(join(site.root, 'build'))
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-quic',
      '--no-first-run',
    ]
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
  }, 400_000)

  afterAll(async () => {
    await browser?.close()
    await served?.close()
    if (site) measure.keep(join(site.root, 'build'))
    await site?.remove()
  })

  return {
    folder: () => join(site.root, 'build'),
    url: () => served.url,
    browser: () => browser,
    async open(path, options = DESKTOP) {
      const context = await browser.newContext({ ...options, permissions: ['clipboard-read', 'clipboard-write'] })
      const page = await context.newPage()
      await measure.watch(context, page)
      const wrong: string[] = []
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text())
      })
      page.on('pageerror', error => wrong.push(error.message))
      page.on('request', request => {
        if (!request.url().startsWith(served.url) && !request.url().startsWith('data:')) wrong.push(request.url())
      })
      await page.goto(`${served.url}${path}`, { waitUntil: 'networkidle' })
      // Before React has taken the page over, it hears no key.
      if (options.javaScriptEnabled !== false) await page.locator('html[data-has-hydrated="true"]').waitFor()
      return { page, wrong }
    },
  }
}
