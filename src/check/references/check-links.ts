import { posix } from 'node:path'
import type { Definition, Image, Link } from 'mdast'
import { visit } from 'unist-util-visit'
import type { Problem } from '../../base/index.ts'
import type { Place } from '../../procedure/index.ts'
import { describeUnknown } from '../describe-unknown.ts'
import type { Page } from '../page.ts'
import { listAnchors } from './list-anchors.ts'

/** Finds what links lead to. */
export interface LinkTargets {
  /** A page of the handbook, or any other Markdown file in it. */
  page(path: string): Promise<Page | undefined>
  exists(path: string): Promise<boolean>
}

/**
 * Demands that relative links lead to files, anchors to headings, and images to images. Addresses without an ending
 * (`/runbooks/x`, `../x`) are the site's own and are left to its build; so is the rest of the web.
 */
export async function checkLinks(page: Page, targets: LinkTargets): Promise<Problem[]> {
  const links: { node: Link | Image | Definition; image: boolean }[] = []
  const images = new Set<string>()
  visit(page.tree, node => {
    if (node.type === 'imageReference') images.add(node.identifier)
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      links.push({ node, image: node.type === 'image' })
    }
  })
  const problems = await Promise.all(
    links.map(({ node, image }) => {
      const asImage = image || (node.type === 'definition' && images.has(node.identifier))
      return checkLink(page, node.url, node.position?.start ?? { line: 1, column: 1 }, asImage, targets)
    }),
  )
  return problems.flat()
}

async function checkLink(
  page: Page,
  url: string,
  place: Place,
  image: boolean,
  targets: LinkTargets,
): Promise<Problem[]> {
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(url)) return []
  const [, path = '', anchor = ''] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(url) ?? []
  const file = path === '' ? page.path : resolve(page.path, decode(path), image)
  if (file === undefined) return []
  if (file.startsWith('..')) {
    return [page.problem('link-resolves', place, `${path} leads out of the handbook`, { found: url })]
  }
  if (path !== '' && !(await targets.exists(file))) {
    const rule = image ? 'image-exists' : 'link-resolves'
    return [page.problem(rule, place, `There is no file ${file}`, { found: url })]
  }
  if (anchor === '' || image || !/\.mdx?$/.test(file)) return []
  const target = path === '' ? page : await targets.page(file)
  const anchors = target && listAnchors(target)
  if (!target || !anchors || anchors.has(decode(anchor))) return []
  const where = target === page ? 'This page' : target.path
  return [
    page.problem('anchor-resolves', place, `${where} has no anchor #${anchor}`, {
      ...describeUnknown(anchor, [...anchors]),
      found: url,
    }),
  ]
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
