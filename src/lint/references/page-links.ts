import { posix } from 'node:path'
import GithubSlugger from 'github-slugger'
import type { Definition, Image, Link, Nodes, Root } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import { listNodes, type Place, type Procedure } from '../../procedure/index.ts'
import { listHtmlTags } from './html-tags.ts'

/** A link of a page into the handbook or to a file of it. */
export interface PageLink extends Place {
  readonly url: string
  readonly image: boolean
  /** Whether it is written in HTML or as an element: the site takes it as an address, whatever its ending. */
  readonly raw?: boolean
}

/** The links and images of a page, also those by reference and in HTML, without links to other sites. */
export function listLinks(tree: Root, text: string): readonly PageLink[] {
  const nodes: (Link | Image | Definition)[] = []
  const images = new Set<string>()
  const all = listNodes(tree)
  for (const node of all) {
    if (node.type === 'imageReference') images.add(node.identifier)
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') nodes.push(node)
  }
  const links = nodes.map((node): PageLink => {
    const image = node.type === 'image' || (node.type === 'definition' && images.has(node.identifier))
    return { url: node.url, image, ...placeOf(node) }
  })
  const raw = [...listHtmlLinks(all, text), ...all.flatMap(readElement)]
  return [...links, ...raw].filter(({ url }) => !/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(url))
}

function listHtmlLinks(nodes: readonly Nodes[], text: string): PageLink[] {
  const html = nodes.filter(node => node.type === 'html' && /<a\s/i.test(node.value))
  if (html.length === 0) return []
  return listHtmlTags(html, text.split(/\r\n|\r|\n/)).flatMap(({ name, attributes, place }) => {
    const url = name === 'a' ? attributes.find(({ name }) => name.toLowerCase() === 'href')?.value : undefined
    return url === undefined ? [] : [{ ...place, url, image: false, raw: true }]
  })
}

/** The link of an element of MDX. Of plain HTML elements in MDX, the site looks at none. */
function readElement(node: Nodes): PageLink[] {
  if ((node.type !== 'mdxJsxFlowElement' && node.type !== 'mdxJsxTextElement') || node.name !== 'Link') return []
  const written = node.attributes.find(
    attribute => attribute.type === 'mdxJsxAttribute' && ['to', 'href'].includes(attribute.name),
  )
  return typeof written?.value === 'string' ? [{ ...placeOf(node), url: written.value, image: false, raw: true }] : []
}

function placeOf({ position }: Nodes): Place {
  const { line, column } = position?.start ?? { line: 1, column: 1 }
  return { line, column }
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
  // The site names a heading of the page by its id; one in a list or quote, by its text.
  const ids = new Map(headings.map(({ line, id }) => [line, id]))
  const anchors = new Set<string>()
  const slugger = new GithubSlugger()
  const tops = new Set<Nodes>(tree.children)
  for (const node of listNodes(tree)) {
    if (node.type === 'heading') {
      const id = tops.has(node) ? ids.get(node.position?.start.line ?? 0) : undefined
      anchors.add(slugger.slug(id ?? toText(node), id !== undefined))
    }
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
