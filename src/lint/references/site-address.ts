import { posix } from 'node:path'
import { readMatter } from '../../procedure/index.ts'
import type { Page } from '../page.ts'
import { decode } from './page-links.ts'

/** A folder with this file is a site. */
export const SITE = 'docusaurus.config.ts'

/**
 * The address of a page as Docusaurus makes it. It is the slug, relative to the part's root or to the folder; for an index the folder; else
 * folder and id. Numbers before names, such as `01-`, are only for the order.
 */
export function addressOf(page: Page, isSite: boolean): string {
  const address = readAddress(page, isSite)
  return address.length > 1 ? address.replace(/\/+$/, '') : address
}

/** The address from which a page's relative links lead on: an index lies inside its folder. */
export function baseOf(page: Page): string {
  return readAddress(page, true)
}

function readAddress(page: Page, isSite: boolean): string {
  const { path, procedure } = page
  const [first = '', ...folders] = posix.dirname(path).split('/')
  const part = first === '.' ? '/' : `/${first}`
  const folder = posix.join(part, ...folders.map(stripNumber))
  const slug = readSlug(page)
  if (slug !== undefined) return slug.startsWith('/') ? posix.join(part, slug) : posix.join(folder, slug)
  const file = posix.basename(path).replace(/\.mdx?$/, '')
  const above = posix.basename(posix.dirname(path)).toLowerCase()
  const isIndex = ['index', 'readme'].includes(file.toLowerCase()) || (isSite && file.toLowerCase() === above)
  if (isIndex) return folder === '/' ? folder : `${folder}/`
  // Most pages have no such key, which a look at the text says without reading it.
  const isNamed = /\bid\b/.test(page.matter?.yaml ?? '') && page.keys().some(({ name }) => name === 'id')
  const keepsNumber = /^["']?parse_number_prefixes["']?[ \t]*:[ \t]*false\b/m.test(page.matter?.yaml ?? '')
  return posix.join(folder, isNamed || keepsNumber ? procedure.id : stripNumber(file))
}

/** Docusaurus takes `2021-11-foo` and `7.0-foo` for a date and a version. */
function stripNumber(name: string): string {
  if (/^\d+[-_.]\d+/.test(name)) return name
  return /^\d+\s*[-_.]+\s*([^-_.\s].*)$/.exec(name)?.[1] ?? name
}

/** The address that a page gives itself in its front matter. */
export function readSlug({ matter }: Page): string | undefined {
  if (!matter || !/^["']?slug\b/m.test(matter.yaml)) return undefined
  const { document } = readMatter(matter.yaml, matter.firstLine)
  const slug: unknown = document.errors.length > 0 ? undefined : document.get('slug')
  return typeof slug === 'number' || (typeof slug === 'string' && slug !== '') ? decode(String(slug)) : undefined
}
