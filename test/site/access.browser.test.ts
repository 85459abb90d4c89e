import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requires } from '../environment/requires.ts'
import { listPages } from './crawl.ts'
import { provideSite } from './provide-site.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const found = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }))

const VIEWS = [390, 1280].flatMap(width => (['light', 'dark'] as const).map(scheme => ({ width, scheme })))

/** All pages at once would be more than a slow machine does within the time of a test. */
const PARTS = Array.from({ length: 10 }, (_, part) => part)

describe.runIf(requires('access in a browser', ['chromium']))('nothing on a page keeps anybody out', () => {
  const { open, folder, url } = provideSite()

  it.each(PARTS)(
    `on any page, on a phone and a desktop, by day and by night: part %i of ${PARTS.length}`,
    async part => {
      const pages = (await listPages(folder())).toSorted().filter((_, at) => at % PARTS.length === part)
      expect(pages).not.toEqual([])
      const wrong: string[] = []
      const { page, wrong: refused } = await open('/')
      for (const path of [...pages, ...(part === 0 ? ['/nowhere/UploadBridgeApiDown'] : [])]) {
        await page.goto(`${url()}${path}`)
        await page.locator('html[data-has-hydrated="true"]').waitFor()
        for (const view of VIEWS) {
          await show(page, view)
          const violations = await findViolations(page)
          wrong.push(...violations.map(violation => `${path}, ${view.width} px, ${view.scheme}: ${violation}`))
        }
      }
      expect(wrong).toEqual([])
      // What the page's policy refuses is an error in the browser's console. The last address has no page.
      expect(refused.filter(text => !text.includes('404'))).toEqual([])
      await page.context().close()
    },
    900_000,
  )

  it.each(VIEWS)(
    'with the search, all folds, the form of the parameters and the menu open: $width px, $scheme',
    async view => {
      const { page } = await open('/runbooks/storage-filling')
      await show(page, view)
      for (const words of ['disk full', 'UploadBridgeStorageFull', 'zzzzzzzzz']) {
        await page.keyboard.press('/')
        await page.getByRole('combobox').fill(words)
        await page
          .getByRole('dialog')
          .getByText(/place|nearest|Nothing/)
          .waitFor()
        expect(await findViolations(page)).toEqual([])
        await page.keyboard.press('Escape')
        // The browser closes it a moment later, and until then a slash is typed into its field.
        await page.getByRole('dialog').waitFor({ state: 'hidden' })
      }
      await page.keyboard.press('b')
      await unfold(page)
      await page.getByRole('textbox', { name: /staleAfter/ }).fill('6h')
      await page.getByRole('button', { name: 'Copy', exact: true }).click()
      await page.getByText('Copied').first().waitFor()
      expect(await findViolations(page)).toEqual([])
      const menu = page.getByRole('button', { name: 'Toggle navigation bar' })
      if (await menu.isVisible()) {
        await menu.click()
        expect(await findViolations(page)).toEqual([])
        await page.getByRole('button', { name: /Back to main menu/ }).click()
        expect(await findViolations(page)).toEqual([])
      }
      await page.context().close()
    },
    900_000,
  )

  it.each(VIEWS)(
    'with all lists open, with what was found, and as a checklist: $width px, $scheme',
    async view => {
      const { page } = await open('/docs/operations/troubleshooting')
      await show(page, view)
      const wrong: string[] = []
      const look = async (path: string, prepare: () => Promise<void>) => {
        await page.goto(`${url()}${path}`)
        await page.locator('html[data-has-hydrated="true"]').waitFor()
        await prepare()
        wrong.push(...(await findViolations(page)).map(violation => `${path}: ${violation}`))
      }
      for (const path of ['/docs/operations/troubleshooting', '/docs/readiness', '/docs/readiness/log'])
        await look(path, () => unfold(page))
      for (const path of ['/', '/runbooks', '/nowhere/nothing'])
        await look(path, async () => {
          await page.getByRole('combobox').fill('uploads are slow')
          await page.getByRole('option').first().waitFor()
        })
      await look('/runbooks/storage-filling?print=checklist', () =>
        page.locator('html[data-print="checklist"]').waitFor(),
      )
      expect(wrong).toEqual([])
      await page.context().close()
    },
    900_000,
  )
})

/** Opens all that is folded, the lists of the sidebar, and the list of the page's headings. */
async function unfold(page: Page): Promise<void> {
  const headings = page.locator('main [class*="tocCollapsibleButton"]:visible')
  if ((await headings.count()) > 0) await headings.click()
  for (const closed of [
    page.locator('main details:not([open]) > summary:visible'),
    page.locator('aside .menu__caret[aria-expanded="false"]:visible'),
  ])
    for (let count = await closed.count(); count > 0; count = await closed.count()) await closed.first().click()
}

async function show(page: Page, { width, scheme }: (typeof VIEWS)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme })
  await page.setViewportSize({ width, height: 844 })
  await page.locator(`html[data-theme="${scheme}"]`).waitFor()
}

/** What axe finds on a page, a line each; once more, where the page was still about to take its new size. */
async function findViolations(page: Page): Promise<string[]> {
  const first = await runAxe(page)
  return first.length === 0 ? first : runAxe(page)
}

async function runAxe(page: Page): Promise<string[]> {
  // Colours that are still changing are not those that are read.
  await page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))')
  await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
  await page.evaluate(`window.axe || (() => {${AXE}})()`)
  const all: unknown = await page.evaluate(
    'axe.run(document, { preload: false, resultTypes: ["violations"] }).then(({ violations }) => violations)',
  )
  return found.parse(all).flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
}
