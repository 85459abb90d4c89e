import { posix } from 'node:path'
import type { Problem } from '../../base/index.ts'
import { describeUnknown } from '../describe-unknown.ts'
import type { Page } from '../page.ts'
import type { PageLink } from './list-links.ts'

/** Finds what links lead to. */
export interface LinkTargets {
  /** A page of the handbook, or any other Markdown file in it. */
  page(path: string): Promise<Page | undefined>
  exists(path: string): Promise<boolean>
}

/**
 * Demands that relative links lead to files, anchors to headings, and images to images. Addresses without an ending
 * (`/runbooks/x`, `../x`) are the site's own and are left to its build.
 */
export async function checkLinks(page: Page, targets: LinkTargets): Promise<Problem[]> {
  return (await Promise.all(page.links.map(link => checkLink(page, link, targets)))).flat()
}

async function checkLink(page: Page, link: PageLink, targets: LinkTargets): Promise<Problem[]> {
  const { url, image } = link
  const [, path = '', anchor = ''] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(url) ?? []
  const file = path === '' ? page.path : resolve(page.path, decode(path), image)
  if (file === undefined) return []
  if (file.startsWith('..')) {
    return [page.problem('link-resolves', link, `${path} leads out of the handbook`, { found: url })]
  }
  if (path !== '' && !(await targets.exists(file))) {
    const rule = image ? 'image-exists' : 'link-resolves'
    return [page.problem(rule, link, `There is no file ${file}`, { found: url })]
  }
  if (anchor === '' || image || !/\.mdx?$/.test(file)) return []
  const target = path === '' ? page : await targets.page(file)
  if (!target || target.anchors.includes(decode(anchor)) || !wasRead(target)) return []
  const where = target === page ? 'This page' : target.path
  return [
    page.problem('anchor-resolves', link, `${where} has no anchor #${anchor}`, {
      ...describeUnknown(anchor, target.anchors),
      found: url,
    }),
  ]
}

/** What could not be read is told of the page itself; which anchors it has, nobody knows. */
function wasRead({ procedure }: Page): boolean {
  return !procedure.problems.some(({ rule }) => rule === 'markdown')
}

/** The file that a link means, relative to the root; `undefined` when it means an address of the site. */
function resolve(from: string, path: string, image: boolean): string | undefined {
  if (path.startsWith('@site/')) return posix.normalize(path.slice('@site/'.length))
  if (path.startsWith('/')) {
    if (image) return posix.join('static', path)
    return /\.mdx?$/.test(path) ? posix.normalize(path.slice(1)) : undefined
  }
  if (!image && !/\.\w+$/.test(path)) return undefined
  return posix.normalize(posix.join(posix.dirname(from), path))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
