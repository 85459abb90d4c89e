import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { requires } from '../environment/requires.ts'
import { ALERT_PAGES } from './alert-pages.ts'
import { provideSite } from './provide-site.ts'
import { SEARCHES } from './searches.ts'

/** The first results are these many: what one sees without scrolling. */
const FIRST = 5

describe.runIf(requires('the search in a browser', ['chromium']))('search', () => {
  const { open } = provideSite()

  it('finds the right page among the first results, by the words of alerts and of complaints', async () => {
    const missed: string[] = []
    const { page } = await open('/search')
    for (const [words, wanted] of new Map([...ALERT_PAGES, ...SEARCHES])) {
      const results = await search(page, words)
      if (!results.slice(0, FIRST).includes(wanted)) missed.push(`${words}: ${wanted} is not in ${results.join(' ')}`)
    }
    expect(missed).toEqual([])
    await page.context().close()
  }, 240_000)
})

/** The pages that the search finds, best first, without their anchors. */
async function search(page: Page, words: string): Promise<string[]> {
  const url = new URL(page.url())
  url.search = `?q=${encodeURIComponent(words)}`
  await page.goto(url.href)
  await page.getByText(/documents? found|No documents were found/).waitFor()
  const links = await page.locator('article a').evaluateAll(links => links.map(link => link.getAttribute('href') ?? ''))
  return [...new Set(links.map(link => new URL(link, url).pathname.replace(/(.)\/$/, '$1')))]
}
