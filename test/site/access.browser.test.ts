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

const VIEWS = [390, 1280].flatMap(width =>
  (['light', 'dark'] as const).map(scheme => [`${width} px, ${scheme}`, width, scheme] as const),
)

describe.runIf(requires('access in a browser', ['chromium']))('nothing on a page keeps anybody out', () => {
  const { open, folder } = provideSite()

  it.each(VIEWS)(
    'on any page: %s',
    async (_, width, scheme) => {
      const wrong: string[] = []
      const { page, wrong: refused } = await open('/', { viewport: { width, height: 844 }, colorScheme: scheme })
      const { origin } = new URL(page.url())
      for (const path of [...(await listPages(folder())), '/nowhere/UploadBridgeApiDown']) {
        await page.goto(`${origin}${path}`, { waitUntil: 'networkidle' })
        wrong.push(...(await violations(page)).map(violation => `${path} ${violation}`))
      }
      expect(wrong).toEqual([])
      // What the page's policy refuses is an error in the browser's console. The last address has no page.
      expect(refused.filter(text => !text.includes('404'))).toEqual([])
      await page.context().close()
    },
    600_000,
  )

  it.each(VIEWS)('with the search and the menu open: %s', async (_, width, scheme) => {
    const { page } = await open('/runbooks/storage-filling', { viewport: { width, height: 844 }, colorScheme: scheme })
    await page.keyboard.press('/')
    await page.keyboard.type('disk full')
    await page.getByRole('option').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('b')
    for (const fold of await page.locator('main details:not([open]) > summary:visible').all()) await fold.click()
    expect(await violations(page)).toEqual([])
    const menu = page.getByRole('button', { name: 'Toggle navigation bar' })
    if (await menu.isVisible()) {
      await menu.click()
      expect(await violations(page)).toEqual([])
    }
    await page.context().close()
  })
})

/** What axe finds on a page, a line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const all: unknown = await page.evaluate('axe.run(document).then(({ violations }) => violations)')
  return found.parse(all).flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
}
