import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { type Procedure, parseProcedure, type Step } from '../../src/procedure/index.ts'
import { requires } from '../environment/requires.ts'
import { DESKTOP, provideSite } from './provide-site.ts'
import { testChecklist } from './test-checklist.ts'
import { MANY, testFinding } from './test-finding.ts'
import { testPack } from './test-pack.ts'
import { testParts } from './test-parts.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const WIDTHS: [string, BrowserContextOptions][] = [
  ['on a desktop', DESKTOP],
  ['on a phone', PHONE],
]
const runbook = readPage('runbooks/storage-filling')
const steps = listSteps(runbook)
/** Pages with a procedure, each with how many blocks only read. */
const FOLDED = ['runbooks/storage-filling', 'docs/deployment/deploy', 'docs/readiness/log'].map(
  path => [`/${path}`, listSteps(readPage(path)).filter(({ risk }) => risk === 'read').length] as const,
)

describe.runIf(requires('the built site in a browser', ['chromium']))('the built site', () => {
  const { folder, url, browser, open } = provideSite(root => layMany(root, 100))

  const findOverflow = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

  testFinding({ folder })
  testPack({ folder, browser })
  testParts(open, WIDTHS)
  testChecklist(
    readdirSync('runbooks').flatMap(file => (file.endsWith('.md') ? basename(file, '.md') : [])),
    open,
  )

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

    it('a runbook shows every step as a card with its number and risk, and says of one that changes something whether a drill has run it', async () => {
      const { page } = await open('/runbooks/storage-filling', options)
      for (const { id, risk } of steps) {
        const card = page.locator(`section[aria-labelledby="${id}"]`)
        expect(await card.locator('h3').count()).toBe(1)
        const text = String(await card.textContent())
        expect(text).toMatch(/^\d\.\d+ /)
        expect(text).toContain(risk)
        if (risk === 'read') expect(text).not.toContain('no drill has run this step')
        else expect(text).toMatch(/run in drill|no drill has run this step/)
        expect(text).not.toContain('at most 5 min')
      }
      await page.context().close()
    })

    it('copies a block that can run in any shell as a guarded subshell, and any other as its command', async () => {
      const { page } = await open('/runbooks/storage-filling', options)
      const copied = () => page.evaluate(() => navigator.clipboard.readText())
      const alone = steps.find(({ id }) => id === 'shed')
      const card = page.locator('section[aria-labelledby="shed"]')
      await card.getByRole('button', { name: 'Copy for a shell' }).click()
      await card.getByText('Copied').waitFor()
      expect(await copied()).toMatch(/^\( set -euo pipefail\n/)
      expect(await copied()).toContain(alone?.block.code)
      expect(await copied()).toMatch(/\n\)$/)
      for (const id of ['usage', 'growth', 'deleted']) {
        await page.locator(`section[aria-labelledby="${id}"]`).getByRole('button', { name: 'Copy command' }).click()
        await expect.poll(copied).toBe(`npx handbook run storage-filling --step ${id}`)
      }
      await page.context().close()
    })

    it('a runbook says in its first screen what fires, what to do first, the command and whom to call', async () => {
      const { page } = await open('/runbooks/storage-filling', options)
      for (const place of [
        page.getByRole('heading', { level: 1 }),
        page.locator('main').getByText('critical').first(),
        page.locator('main a[href="#usage"]:visible').first(),
        page.locator('main').getByText('npx handbook run storage-filling').first(),
        page.locator('main').getByText('#upload-bridge-storage').first(),
      ]) {
        const box = await place.boundingBox()
        expect(box).not.toBeNull()
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844)
      }
      const [proof, call] = await Promise.all([
        page.getByRole('region', { name: 'Proof and review' }).boundingBox(),
        page.locator('#escalate').boundingBox(),
      ])
      expect(proof?.y ?? 0).toBeGreaterThan(call?.y ?? 0)
      await page.context().close()
    })

    it.each(FOLDED)('on %s a block that only reads is folded, and one key shows them all', async (path, count) => {
      const { page } = await open(path, options)
      const folds = page.locator('details.hb-fold')
      expect(await folds.count()).toBe(count)
      const shown = () => folds.evaluateAll(all => all.filter(fold => fold.hasAttribute('open')).length)
      expect(await shown()).toBe(0)
      await page.keyboard.press('b')
      await expect.poll(shown).toBe(count)
      await page.keyboard.press('b')
      await expect.poll(shown).toBe(0)
      await page.context().close()
    })

    it('words of the bar of sections are whole', async () => {
      const { page } = await open('/runbooks/storage-filling', options)
      for (const link of await page.locator('.hb-sections a:visible').all()) {
        const box = await link.boundingBox()
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(options.viewport?.width ?? 0)
      }
      await page.context().close()
    })

    it('the form of the parameters completes the commands', async () => {
      const { page } = await open('/runbooks/storage-filling', options)
      await page
        .getByText(/\d+ parameters/)
        .first()
        .click()
      await page.getByRole('textbox', { name: /staleAfter/ }).fill('6 h; ls')
      await page.getByText("npx handbook run storage-filling --param 'staleAfter=6 h; ls'").waitFor()
      await page.context().close()
    })

    it('the search opens with a key and goes to the first hit with Enter', async () => {
      const { page, wrong } = await open('/docs/incidents', options)
      for (const [keys, words, path] of [
        ['/', 'disk full', '/runbooks/storage-filling'],
        ['Control+k', 'UploadBridgApiDown', '/runbooks/api-down'],
      ] as const) {
        const before = await page.locator('h1').first().textContent()
        await page.keyboard.press(keys)
        await page.keyboard.type(words)
        await page.keyboard.press('Enter')
        await expect.poll(() => new URL(page.url()).pathname, { timeout: 20_000 }).toBe(path)
        // The header is the new page's own, with a search of its own.
        await expect.poll(() => page.locator('h1').first().textContent(), { timeout: 20_000 }).not.toBe(before)
        expect(await page.getByRole('dialog').count()).toBe(0)
      }
      expect(wrong).toEqual([])
      await page.context().close()
    })

    it('an alert’s name in a wrong address finds its page, also when it is misspelt', async () => {
      for (const name of [
        'UploadBridgeDatabaseDown',
        'uploadbridgedatabasedown.MD',
        'upload-bridge-databse-down.html',
        'database_down/index.html',
        'database-down...',
      ]) {
        const { page } = await open(`/docs/${name}`, options)
        await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor()
        const first = page.getByRole('option').first()
        await first.waitFor({ timeout: 20_000 })
        expect(await first.getAttribute('href')).toBe('/runbooks/database-down')
        await page.context().close()
      }
    })

    it('a wrong address to which no alert is near has the list of all runbooks', async () => {
      const { page } = await open('/runbooks/UploadBridgeWhatever', options)
      await page.getByText('No page has a name like this').waitFor({ timeout: 20_000 })
      expect(await page.getByRole('option').count()).toBe(0)
      expect(await page.getByRole('main').getByRole('link', { name: runbook.title }).isVisible()).toBe(true)
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
    const field = page.getByRole('combobox', { name: 'Alert, symptom or error code' })
    const first = page.getByRole('option').first()
    for (const words of ['UploadBridgeStorageFilling', 'storage filling', 'ENOSPC', 'disk full']) {
      await field.fill(words)
      await expect.poll(() => first.getAttribute('href'), { timeout: 20_000 }).toBe('/runbooks/storage-filling')
    }
    await field.fill('files never arrive')
    await expect.poll(() => first.textContent()).toContain('Our files never arrive')
    await field.fill('UploadBridgeStorageFull')
    await page.getByText('No alert is named UploadBridgeStorageFull').waitFor()
    await field.fill('97 %')
    await page.getByText('Nothing was found for 97 %. The nearest is 99 %:').waitFor()
    await expect.poll(() => page.getByRole('option').allTextContents()).toContainEqual(expect.stringContaining('stuck'))
    await field.fill('zzzzzzzzz')
    await page.getByText('Nothing was found').waitFor()
    expect(await page.getByRole('option').count()).toBe(0)
    await page.context().close()
  })

  it('the search never takes the focus, and what is first loaded for it is small', async () => {
    const { page } = await open('/')
    const field = page.getByRole('combobox')
    expect(await field.evaluate(element => element === document.activeElement)).toBe(false)
    let bytes = 0
    page.on('response', async response => {
      const body = await response.body().catch(() => Buffer.alloc(0))
      bytes += gzipSync(body).length
    })
    await field.focus()
    await page.keyboard.type('disk')
    await page.getByRole('option').first().waitFor({ timeout: 20_000 })
    expect(await field.evaluate(element => element === document.activeElement)).toBe(true)
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(150 * 1024)
    await page.context().close()
  })

  it('leaves the focus where somebody types while the search is still coming', async () => {
    const { page } = await open('/runbooks/storage-filling')
    let goOn = () => {}
    const held = new Promise<void>(resolve => {
      goOn = resolve
    })
    await page.route('**/assets/js/*.js', async route => {
      await held
      await route.continue()
    })
    await page.keyboard.press('/')
    await page.getByRole('combobox').fill('disk')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.locator('main details > summary', { hasText: 'parameter' }).click()
    const field = page.getByRole('textbox', { name: /staleAfter/ })
    await field.fill('6')
    goOn()
    await page.unrouteAll({ behavior: 'wait' })
    await page.waitForLoadState('networkidle')
    await page.keyboard.type('h')
    expect(await field.inputValue()).toBe('6h')
    await page.context().close()
  })

  it.each(FOLDED)('%s on paper is dark on white and unfolded, also from a dark screen', async path => {
    const { page } = await open(path, { ...DESKTOP, colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const { ground, ink } = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.querySelector('.markdown > p') ?? document.body)
      const ground = getComputedStyle(document.documentElement).backgroundColor
      return { ground: backgroundColor === 'rgba(0, 0, 0, 0)' ? ground : backgroundColor, ink: color }
    })
    expect(ground).toBe('rgb(255, 255, 255)')
    expect(ink).toBe('rgb(0, 0, 0)')
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
    const closed = await page.locator('main details:not([open])').count()
    expect(closed).toBe(0)
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
    expect(await page.locator('main details[open]').count()).toBe(0)
    await page.context().close()
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

    const phone = { viewport: { width: 390, height: 844 }, javaScriptEnabled: false }
    const { page: guide } = await open('/docs/recovery/restore', phone)
    expect(await guide.locator('button:visible').allTextContents()).toEqual([])
    await guide.context().close()
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
})

function readPage(path: string): Procedure {
  return parseProcedure(readFileSync(`${path}.md`, 'utf8'), `${path}.md`)
}

function listSteps({ phases }: Procedure): readonly Step[] {
  return phases.flatMap(({ steps }) => steps)
}

/** Pages of a folder of their own. */
async function layMany(root: string, count: number): Promise<void> {
  const folder = join(root, MANY)
  await mkdir(folder)
  for (let number = 100; number < 100 + count; number++)
    await writeFile(join(folder, `page-${number}.md`), `# Page ${number}\n\nOne of many.\n`)
}
