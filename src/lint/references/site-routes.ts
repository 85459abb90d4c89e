import { findClosest } from '../../base/index.ts'
import type { HandbookFacts } from '../facts.ts'
import type { Page } from '../page.ts'
import { isActiveUrl } from './active-content.ts'
import { decode, findTarget, type PageLink } from './page-links.ts'
import { addressOf, baseOf, SITE } from './site-address.ts'

/** The addresses of a site's pages. */
export type Routes = ReadonlyMap<string, Page>

/** Reads the addresses of all pages; `undefined` when the handbook is no site. */
export async function readRoutes({
  handbook,
  readText,
  findPage,
}: Pick<HandbookFacts, 'handbook' | 'readText' | 'findPage'>): Promise<Routes | undefined> {
  if ((await readText(SITE)) === undefined) return undefined
  const pages = await Promise.all(handbook.pages.map(findPage))
  const built = pages.filter(
    page => page !== undefined && !/^["']?draft["']?\s*:\s*true\b/m.test(page.matter?.yaml ?? ''),
  )
  return new Map(built.flatMap(page => (page ? [[addressOf(page, true), page] as const] : [])))
}

/** An address of the site to which a link leads. */
export interface SiteLink {
  /** Without the site's own beginning, query and anchor. */
  readonly address: string
  /** The text behind `#`, as written; empty without one. */
  readonly anchor: string
  /** The page that is there. */
  readonly page: Page | undefined
}

/** Where a link of a page leads on the site; `undefined` for one to a file, and where there is no site. */
export async function findOnSite(page: Page, link: PageLink, facts: HandbookFacts): Promise<SiteLink | undefined> {
  // Code hosts show the files at the top.
  if (link.image || !page.path.includes('/')) return undefined
  if (/^(?:#|$)/.test(link.url) || (!link.raw && findTarget(page.path, link))) return undefined
  const base = `http://site${baseOf(page).replace(/[?#%]/g, encodeURIComponent)}`
  // Another rule reports a link that runs code.
  if (isActiveUrl(link.url) || !URL.canParse(link.url, base)) return undefined
  const routes = await facts.readRoutes()
  const { pathname, hash, host } = new URL(link.url, base)
  if (!routes || host !== 'site') return undefined
  const start = new URL(facts.handbook.file.url).pathname.replace(/\/?$/, '/')
  const path = decode(link.url.startsWith(start) ? pathname.slice(start.length - 1) : pathname)
  const address = path.length > 1 ? path.replace(/\/+$/, '') : path
  return { address, anchor: hash.slice(1), page: routes.get(address) }
}

/** Whether something other than a page of the handbook is at an address: a page of the site’s own, a file to load, or what Docusaurus makes. */
export async function isElsewhere(address: string, { readText, handbook }: HandbookFacts): Promise<boolean> {
  const own = ['tsx', 'jsx', 'ts', 'js', 'md', 'mdx'].flatMap(ending => [
    `src/pages${address}.${ending}`,
    `src/pages${address}/index.${ending}`,
  ])
  const files = /\.(?!html$)\w+$/.test(address) ? [...own, `static${address}`] : own
  if ((await Promise.all(files.map(readText))).some(text => text !== undefined)) return true
  const [, first = '', second = ''] = address.split('/')
  if (handbook.file.pages.some(folder => folder.split('/')[0] === first)) return ['tags', 'category'].includes(second)
  // Only the build knows what a plugin of the site's own makes; the blog is there unless it is turned off.
  const config = (await readText(SITE)) ?? ''
  const parts = [...config.matchAll(/routeBasePath:\s*['"]\/?([^'"]*)['"]/g)].map(([, part]) => part)
  return parts.includes(first) || (first === 'blog' && !/\bblog:\s*false\b/.test(config))
}

/** The address of a page that is most like one that leads nowhere. */
export function findNearest(address: string, routes: Routes): string | undefined {
  const known = [...routes.keys()]
  const last = address.slice(address.lastIndexOf('/') + 1)
  const plain = (path: string) => path.replace(/(?:\/index)?\.mdx?$/, '')
  const byFile = [...routes].find(([, { path }]) => plain(`/${path}`) === plain(address))?.[0]
  const longer = known.filter(other => other.startsWith(address)).sort((a, b) => a.length - b.length)[0]
  const moved = known.filter(other => other.endsWith(`/${last}`))
  return byFile ?? findClosest(address, known) ?? longer ?? (moved.length === 1 ? moved[0] : undefined)
}
