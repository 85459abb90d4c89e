import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { parseProcedure } from '../../src/procedure/index.ts'
import { requires } from '../environment/requires.ts'
import { DESKTOP, provideSite } from './provide-site.ts'
import { MANY, testFinding } from './test-finding.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const WIDTHS: [string, BrowserContextOptions][] = [
  ['on a desktop', DESKTOP],
  ['on a phone', PHONE],
]
const PATH = 'runbooks/storage-filling.md'
const runbook = parseProcedure(readFileSync(PATH, 'utf8'), PATH)
const steps = runbook.phases.flatMap(phase => phase.steps)

describe.runIf(requires('the built site in a browser', ['chromium']))('the built site', () => {
  const { folder, url, browser, open } = provideSite(root => layMany(root, 100))

  const findOverflow = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

  testFinding({ folder })

  describe.each(WIDTHS)('%s', (_, options) => {
    it.each([
      '/',
      '/runbooks',
      '/runbooks/storage-filling',
      '/docs/start-here',
      '/docs/operations',
      '/docs/operations/errors',
      '/docs/incidents',
      '/docs/readiness',
      '/docs/readiness/log',
    ])('%s fits, has no errors and asks nobody else', async path => {
      const { page, wrong } = await open(path, options)
      expect(await findOverflow(page)).toBe(0)
      expect(wrong).toEqual([])
      await page.context().close()
    })

    it('the scorecard has a headline of one short line, and says in smaller words what is unknown', async () => {
      const { page } = await open('/docs/readiness', options)
      const head = page
        .locator('dl')
        .filter({ has: page.getByText('Measured now') })
        .first()
      const figure = head.locator('dt + dd').first()
      expect(await figure.textContent()).toMatch(/^(?:[\d.]+ %|not measured|nothing applies)$/)
      const { height, line, size } = await figure.evaluate(element => {
        const { lineHeight, fontSize } = getComputedStyle(element)
        return { height: element.clientHeight, line: Number.parseFloat(lineHeight), size: Number.parseFloat(fontSize) }
      })
      expect(height).toBeLessThan(line * 1.5)
      for (const unknown of await head.getByText('items unknown').all())
        expect(await unknown.evaluate(element => Number.parseFloat(getComputedStyle(element).fontSize))).toBeLessThan(
          size,
        )
      await page.context().close()
    })

    it('a runbook shows every step as a card with its number, risk and whether a drill has run it', async () => {
      const { page } = await open('/runbooks/storage-filling', options)
      for (const { id, risk } of steps) {
        const card = page.locator(`section[aria-labelledby="${id}"]`)
        expect(await card.locator('h3').count()).toBe(1)
        const text = String(await card.textContent())
        expect(text).toMatch(/^\d\.\d /)
        expect(text).toContain(risk)
        expect(text).toMatch(/run in drill|no drill has run this step/)
      }
      await page.context().close()
    })

    it('copies a bash block as a guarded subshell, and a ts block as its command', async () => {
      const { page } = await open('/runbooks/storage-filling', options)
      const bash = steps.find(({ block }) => block.language === 'bash')
      const card = page.locator(`section[aria-labelledby="${bash?.id}"]`)
      await card.getByRole('button').click()
      await card.getByText('Copied').waitFor()
      const copied = await page.evaluate(() => navigator.clipboard.readText())
      expect(copied).toMatch(/^\( set -euo pipefail\n/)
      expect(copied).toContain(bash?.block.code)
      expect(copied).toMatch(/\n\)$/)
      const ts = steps.find(({ block }) => block.language === 'ts')
      await page.locator(`section[aria-labelledby="${ts?.id}"]`).getByRole('button').click()
      await expect
        .poll(() => page.evaluate(() => navigator.clipboard.readText()))
        .toBe(`npx handbook run storage-filling --step ${ts?.id}`)
      await page.context().close()
    })

    it('keeps the line of sections in sight, with the current one marked and its heading below', async () => {
      const { page } = await open('/runbooks/storage-filling', options)
      const sections = page.getByRole('navigation', { name: 'Sections of this page' })
      await sections.getByText('Verify').click()
      const isRightBelow = () =>
        page.evaluate(() => {
          const { bottom = 0 } = document.querySelector('.hb-sections')?.getBoundingClientRect() ?? {}
          const { top = 0 } = document.getElementById('verify')?.getBoundingClientRect() ?? {}
          return top >= bottom && top < bottom + 100
        })
      await expect.poll(isRightBelow).toBe(true)
      const current = page.locator('nav [aria-current="location"]')
      await expect.poll(() => current.textContent()).toContain('Verify')
      expect(await current.isVisible()).toBe(true)
      expect(new URL(page.url()).hash).toBe('#verify')
      await page.context().close()
    })
  })

  it('the front page finds a runbook by its alert and by a symptom, and says when there is none', async () => {
    const { page } = await open('/')
    const field = page.getByRole('searchbox', { name: 'Alert or symptom' })
    const title = page.getByRole('link', { name: runbook.title })
    for (const words of ['UploadBridgeStorageFilling', 'storage filling', '507', 'disk full']) {
      await field.fill(words)
      await title.first().waitFor()
    }
    await field.fill('no such thing at all')
    await page.getByText('No runbook has all of these words').waitFor()
    expect(await title.count()).toBe(0)
    await page.context().close()
  })

  it('the front page finds what customers say, and leads on to the search of everything', async () => {
    const { page } = await open('/')
    const field = page.getByRole('searchbox', { name: 'Alert or symptom' })
    await field.fill('never arrive')
    await page.getByRole('link', { name: 'Our files never arrive' }).waitFor()
    await field.fill('postmortem')
    await page.getByRole('link', { name: 'search the whole handbook' }).click()
    await page.locator('article a[href*="/docs/incidents/postmortem"]').first().waitFor()
    await page.context().close()
  })

  it('search finds a step by its words', async () => {
    const { page } = await open('/search?q=inodes')
    await page.locator('article a[href*="/runbooks/storage-filling#"]').first().waitFor()
    await page.context().close()
  })

  it('the search index has the words of a step once, and not with its phase again', () => {
    const parts: readonly { documents: readonly { u: string; t: string }[] }[] = JSON.parse(
      readFileSync(join(folder(), 'search-index.json'), 'utf8'),
    )
    const texts = parts.flatMap(({ documents }) => documents.filter(({ u }) => u === '/runbooks/storage-filling'))
    expect(texts.filter(({ t }) => t.includes('Deletes only partial uploads that'))).toHaveLength(1)
  })

  it('is read without JavaScript: steps, code and parameters are there, and no dead buttons', async () => {
    const { page } = await open('/runbooks/storage-filling', { ...DESKTOP, javaScriptEnabled: false })
    for (const { id, block } of steps) {
      const card = page.locator(`section[aria-labelledby="${id}"]`)
      const code = String(await card.locator('pre').textContent()).replaceAll(/\s+/g, '')
      expect(code).toContain(block.code.replaceAll(/\s+/g, ''))
    }
    expect(await page.locator('main button:visible').count()).toBe(0)
    expect(await page.getByText('npx handbook run storage-filling').first().isVisible()).toBe(true)
    await page.context().close()
  })

  it('is worked with the keyboard: copy and proof details are reached and open', async () => {
    const { page } = await open('/runbooks/storage-filling')
    const details = page.locator('main details').first()
    await details.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await details.getAttribute('open')).not.toBeNull()
    const copy = page.getByRole('button', { name: 'Copy', exact: true })
    await copy.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Copied').first().waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('npx handbook run storage-filling')
    await page.context().close()
  })

  it('code has the colours of the night before any script has run', async () => {
    const context = await browser().newContext({ ...DESKTOP, colorScheme: 'dark' })
    const page = await context.newPage()
    await page.route('**/*.js', route => route.abort())
    await page.goto(`${url()}/runbooks/storage-filling`)
    const colour = await page
      .locator('pre .function')
      .first()
      .evaluate(word => getComputedStyle(word).color)
    expect(colour).toBe('rgb(201, 167, 238)')
    await context.close()
  })

  it('of hundreds of pages, shows those beside the one that is open, and all when asked', async () => {
    const { page, wrong } = await open(`${MANY}page-149`)
    const links = page.locator(`aside a[href*="${MANY}"]:not(.menu__link--sublist)`)
    expect(await links.allTextContents()).toEqual(Array.from({ length: 30 }, (_, at) => `Page ${134 + at}`))
    await page.getByRole('button', { name: 'Show all 100' }).click()
    await expect.poll(() => links.count()).toBe(100)
    expect(wrong).toEqual([])
    await page.goto(`${url()}${MANY}page-100`)
    expect(await links.first().textContent()).toBe('Page 100')
    expect(await links.count()).toBe(30)
    await page.context().close()
  })

  it('at an address that is none, lists the runbooks', async () => {
    const { page } = await open('/runbooks/moved')
    await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor()
    await page.getByRole('link', { name: runbook.title }).waitFor()
    await page.context().close()
  })
})

/** Pages of a folder of their own. */
async function layMany(root: string, count: number): Promise<void> {
  const folder = join(root, MANY)
  await mkdir(folder)
  for (let number = 100; number < 100 + count; number++)
    await writeFile(join(folder, `page-${number}.md`), `# Page ${number}\n\nOne of many.\n`)
}
