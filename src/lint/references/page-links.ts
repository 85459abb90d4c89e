import { posix } from 'node:path'
import GithubSlugger from 'github-slugger'
import type { Definition, Image, Link, Root } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import { listNodes, type Place, type Procedure } from '../../procedure/index.ts'

/** A link of a page into the handbook or to a file of it. */
export interface PageLink extends Place {
  readonly url: string
  readonly image: boolean
}

/** The links and images of a page, also those by reference, without links to other sites. */
export function listLinks(tree: Root): readonly PageLink[] {
  const nodes: (Link | Image | Definition)[] = []
  const images = new Set<string>()
  for (const node of listNodes(tree)) {
    if (node.type === 'imageReference') images.add(node.identifier)
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') nodes.push(node)
  }
  return nodes.flatMap(node => {
    if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(node.url)) return []
    const { line, column } = node.position?.start ?? { line: 1, column: 1 }
    const image = node.type === 'image' || (node.type === 'definition' && images.has(node.identifier))
    return [{ url: node.url, image, line, column }]
  })
}

/** What a link leads to. */
interface LinkTarget {
  /** As written, without query and anchor; empty when the link stays on its page. */
  readonly path: string
  /** Relative to the handbook's root; it begins with `..` when it lies outside. */
  readonly file: string
  /** The text behind `#`, as written; empty without one. */
  readonly anchor: string
}

/**
 * The file that a link leads to; `undefined` for an address without an ending (`/runbooks/x`, `../x`), which only the site's build
 * can check.
 */
export function findTarget(from: string, { url, image }: PageLink): LinkTarget | undefined {
  const [, path = '', anchor = ''] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(url) ?? []
  const file = path === '' ? from : resolve(from, decode(path), image)
  return file === undefined ? undefined : { path, file, anchor }
}

/** Whether a target lies outside the handbook, if the page that links to it lies inside. */
export function isOutside({ file }: LinkTarget, from: string): boolean {
  return file.startsWith('..') && !from.startsWith('..')
}

/** An address with its escapes decoded; unchanged when they are broken. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function resolve(from: string, path: string, image: boolean): string | undefined {
  if (path.startsWith('@site/')) return posix.normalize(path.slice('@site/'.length))
  if (path.startsWith('/')) {
    if (image) return posix.join('static', path)
    return /\.mdx?$/.test(path) ? posix.normalize(path.slice(1)) : undefined
  }
  if (!image && !/\.\w+$/.test(path)) return undefined
  return posix.normalize(posix.join(posix.dirname(from), path))
}

/** Every anchor of a page: its headings, also those in lists and quotes, footnotes, and ids in raw HTML. */
export function listAnchors(tree: Root, { headings }: Procedure): readonly string[] {
  const anchors = new Set(headings.map(({ id }) => id))
  const slugger = new GithubSlugger()
  for (const node of listNodes(tree)) {
    if (node.type === 'heading') anchors.add(slugger.slug(toText(node)))
    if (node.type === 'footnoteDefinition') anchors.add(`user-content-fn-${node.identifier}`)
    if (node.type === 'html') {
      for (const [, , id = ''] of node.value.matchAll(/\b(?:id|name)=(["'])([^"']+)\1/g)) anchors.add(id)
    }
    if (node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement') {
      for (const attribute of node.attributes) {
        if (attribute.type === 'mdxJsxAttribute' && attribute.name === 'id' && typeof attribute.value === 'string') {
          anchors.add(attribute.value)
        }
      }
    }
  }
  return [...anchors]
}
