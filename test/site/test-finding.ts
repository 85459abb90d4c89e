import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { countClicks, listPages } from './crawl.ts'
import { SEARCHES } from './searches.ts'

/** The built site as the tests of finding need it; there only while tests run. */
export interface BuiltSite {
  readonly folder: () => string
  readonly open: (path: string) => Promise<{ page: Page }>
}

interface Alert {
  readonly alert?: string
  readonly annotations?: { readonly runbook_url: string }
}

const { groups }: { groups: { rules: Alert[] }[] } = parse(
  readFileSync('static/monitoring/upload-bridge.rules.yaml', 'utf8'),
)
const ALERTS = groups.flatMap(({ rules }) =>
  rules.flatMap(({ alert = '', annotations }) => {
    if (!annotations) return []
    const page = new URL(annotations.runbook_url).pathname
    const words = alert.replace(/^UploadBridge/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    return [[alert, page] as const, [words, page] as const]
  }),
)

/** Pages that are no part of the handbook, and only there to be many. */
export const MANY = '/runbooks/many/'

/** The first results are these many: what one sees without scrolling. */
const FIRST = 5

/** That pages are found: by search, and by a few clicks. */
export function testFinding({ folder, open }: BuiltSite): void {
  describe('search', () => {
    it('finds the right page among the first results, by the words of alerts and of complaints', async () => {
      const missed: string[] = []
      const { page } = await open('/search')
      for (const [words, wanted] of new Map([...ALERTS, ...SEARCHES])) {
        const results = await search(page, words)
        if (!results.slice(0, FIRST).includes(wanted)) missed.push(`${words}: ${wanted} is not in ${results.join(' ')}`)
      }
      expect(missed).toEqual([])
      await page.context().close()
    }, 240_000)
  })

  describe('navigation', () => {
    it('leads to every page within three clicks, and to none that is not there', async () => {
      const [clicks, pages] = await Promise.all([countClicks(folder()), listPages(folder())])
      const ours = pages.filter(page => page !== '/search' && !page.startsWith(MANY))
      const far = ours.filter(page => !((clicks.get(page) ?? Number.POSITIVE_INFINITY) <= 3))
      expect(far).toEqual([])
      const files = await Promise.all(
        [...clicks.keys()].map(async path => [path, await stat(join(folder(), path)).catch(() => undefined)] as const),
      )
      expect(files.filter(([, found]) => !found).map(([path]) => path)).toEqual([])
    })

    it('leads to every runbook and guide from the front page at once', async () => {
      const clicks = await countClicks(folder())
      for (const [, page] of ALERTS) expect(clicks.get(page)).toBe(1)
      for (const page of ['/docs/operations', '/docs/incidents', '/docs/start-here']) expect(clicks.get(page)).toBe(1)
    })
  })

  it('has nothing left of the template: logo, favicon, social card and 404 are its own', async () => {
    const pages = await Promise.all(['index.html', '404.html'].map(name => readFile(join(folder(), name), 'utf8')))
    for (const html of pages) {
      expect(html).not.toMatch(
        /My Site|Dinosaurs are cool|docusaurus\.(?:svg|png)|undraw_|Built with Docusaurus|Page Not Found/i,
      )
      expect(html).toMatch(/<link [^>]*rel="?icon"? href="?\/img\/favicon\.svg/)
      expect(html).toMatch(/<meta [^>]*property="?og:image"? content="?[^" ]*\/img\/social-card\.png/)
      expect(html).toContain('/img/logo.svg')
    }
    expect(pages[1]).toContain('There is no page at this address')
    const drawing = (name: string) => readFile(join('static/img', name), 'utf8')
    for (const name of ['favicon.svg', 'logo.svg'])
      expect(await readFile(join(folder(), 'img', name), 'utf8')).toBe(await drawing(name))
    expect((await stat(join(folder(), 'img/social-card.png'))).size).toBeGreaterThan(5000)
  })
}

/** The pages that the search finds, best first, without their anchors. */
async function search(page: Page, words: string): Promise<string[]> {
  const url = new URL(page.url())
  url.search = `?q=${encodeURIComponent(words)}`
  await page.goto(url.href)
  await page.getByText(/documents? found|No documents were found/).waitFor()
  const links = await page.locator('article a').evaluateAll(links => links.map(link => link.getAttribute('href') ?? ''))
  return [...new Set(links.map(link => new URL(link, url).pathname.replace(/(.)\/$/, '$1')))]
}
