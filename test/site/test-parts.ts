import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { ProvidedSite } from './provide-site.ts'

/** A runbook, a guide of a part, and a guide that is a part itself; each with where the links above it lead. */
const PAGES: readonly (readonly [path: string, above: readonly string[]])[] = [
  ['/runbooks/storage-filling', ['/', '/runbooks']],
  ['/docs/deployment/deploy', ['/', '/docs/deployment/']],
  ['/docs/running', ['/']],
]

/** That one gets from any page to any part of the handbook in the same way, and that the front page begins with the search. */
export function testParts(
  open: ProvidedSite['open'],
  widths: readonly (readonly [string, BrowserContextOptions])[],
): void {
  describe.each(widths)('the parts of the handbook, %s', (_, options) => {
    it('are the same, and lead to the same pages, beside a runbook and beside a guide', async () => {
      const lists = []
      for (const [path] of PAGES) {
        const { page } = await open(path, options)
        lists.push(await readParts(page))
        await page.context().close()
      }
      const [ofRunbook = [], ...ofGuides] = lists
      expect(ofRunbook[0]).toEqual(['Runbooks', '/runbooks'])
      expect(ofRunbook.length).toBeGreaterThan(10)
      for (const list of ofGuides) expect(list).toEqual(ofRunbook)
    })

    it.each(PAGES)('above %s are links to what it is a part of', async (path, above) => {
      const { page } = await open(path, options)
      const links = page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link')
      expect(await links.evaluateAll(all => all.map(link => link.getAttribute('href')))).toEqual(above)
      await page.context().close()
    })

    it('the front page begins with the question what fires, and the search', async () => {
      const { page } = await open('/', options)
      const field = page.getByRole('main').getByRole('combobox')
      const before = await field.evaluate(field => {
        const range = document.createRange()
        range.setStart(field.closest('main') ?? document.body, 0)
        range.setEndBefore(field)
        // Unlike the range, it leaves out what is not shown.
        const shown = getSelection()
        shown?.removeAllRanges()
        shown?.addRange(range)
        return shown?.toString().replaceAll(/\s*\n\s*/g, '')
      })
      expect(before).toBe('What fires, or what do you see?Alert, symptom or error code')
      const { y = Number.POSITIVE_INFINITY, height = 0 } = (await field.boundingBox()) ?? {}
      expect(y + height).toBeLessThan(300)
      await page.context().close()
    })
  })
}

/** The list beside a page, with where each part leads; on a phone, the list in the menu. */
async function readParts(page: Page): Promise<readonly (readonly [string, string | null])[]> {
  const menu = page.getByRole('button', { name: 'Toggle navigation bar' })
  const isPhone = await menu.isVisible()
  if (isPhone) await menu.click()
  const list = page.locator(isPhone ? '.navbar-sidebar .theme-doc-sidebar-menu' : 'aside .theme-doc-sidebar-menu')
  await list.waitFor()
  return list
    .locator('> li')
    .evaluateAll(parts =>
      parts.map(part => [
        part.querySelector('a')?.textContent ?? '',
        part.querySelector('a')?.getAttribute('href') ?? null,
      ]),
    )
}
