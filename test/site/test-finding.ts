import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALERT_PAGES } from './alert-pages.ts'
import { countClicks, listPages } from './crawl.ts'
import type { ProvidedSite } from './provide-site.ts'

/** Pages that are no part of the handbook, and only there to be many. */
export const MANY = '/runbooks/many/'

/** That pages are found by a few clicks. */
export function testFinding({ folder }: Pick<ProvidedSite, 'folder'>): void {
  describe('navigation', () => {
    it('leads to every page within three clicks, and to none that is not there', async () => {
      const [clicks, pages] = await Promise.all([countClicks(folder()), listPages(folder())])
      // Only a server has runs and incidents: a link with one leads there.
      const ours = pages.filter(page => page !== '/runs' && page !== '/incidents' && !page.startsWith(MANY))
      const far = ours.filter(page => !((clicks.get(page) ?? Number.POSITIVE_INFINITY) <= 3))
      expect(far).toEqual([])
      const files = await Promise.all(
        [...clicks.keys()].map(async path => [path, await stat(join(folder(), path)).catch(() => undefined)] as const),
      )
      expect(files.filter(([, found]) => !found).map(([path]) => path)).toEqual([])
    })

    it('leads to every runbook and guide from the front page at once', async () => {
      const clicks = await countClicks(folder())
      for (const [, page] of ALERT_PAGES) expect(clicks.get(page)).toBe(1)
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

  it('shows no mark of an author to who reads what a page is about', async () => {
    for (const name of ['index.html', 'runbooks/index.html'])
      expect((await readFile(join(folder(), name), 'utf8')).match(/.{60}&lt;!--.{20}/g) ?? []).toEqual([])
  })

  it('what every page loads holds nothing of what a drill measured: the pages of procedures load it', async () => {
    const scripts = await readdir(join(folder(), 'assets/js'))
    const texts = await Promise.all(scripts.map(name => readFile(join(folder(), 'assets/js', name), 'utf8')))
    const holding = scripts.filter((_, at) => texts[at]?.includes('Alert fired after'))
    expect(holding).not.toEqual([])
    expect(holding.filter(name => name.startsWith('main.'))).toEqual([])
  })
}
