import { posix } from 'node:path'
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse, parseFragment, serialize } from 'parse5'
import { CALL_PAGE } from './call-page.ts'
import { escapeText } from './escape-text.ts'

type Element = DefaultTreeAdapterTypes.Element
type Parent = DefaultTreeAdapterTypes.ParentNode

/** What a page of the pack is made of. */
export interface PackedPage {
  /** The page's file, relative to the folder of the site. */
  readonly file: string
  /** The file that an address of the site leads to; nothing when it has none. */
  readonly fileOf: (path: string) => string | undefined
  /** The handbook's title. */
  readonly title: string
  /** The day of the build. */
  readonly date: string
  readonly provenUntil?: string | undefined
}

/**
 * A page of the site as a file that opens without a server: its links lead to files, nothing is loaded from an address, and of scripts it
 * has those of the pack alone. Its date stands first.
 */
export function rewritePage(text: string, page: PackedPage): string {
  const document = parse(text)
  const elements = listElements(document)
  for (const element of elements) {
    if (isLeftOut(element)) defaultTreeAdapter.detachNode(element)
    for (const attribute of element.attrs)
      if (/^(?:href|src)$/.test(attribute.name)) attribute.value = leadToFile(attribute.value, page)
  }
  const find = (name: string) => elements.find(({ tagName }) => tagName === name)
  const root = find('html')
  root?.attrs.push({ name: 'data-packed', value: page.date })
  if (page.provenUntil !== undefined) root?.attrs.push({ name: 'data-proven-until', value: page.provenUntil })
  root?.attrs.push({ name: 'data-top', value: relativeTo(page.file, '') })
  const head = find('head')
  if (head) prepend(head, makeLinks(page))
  const body = find('body')
  if (body) prepend(body, makeBar(page))
  return serialize(document)
}

/** What needs a server or the site's own scripts. */
function isLeftOut({ tagName, attrs }: Element): boolean {
  const value = (name: string) => attrs.find(attribute => attribute.name === name)?.value ?? ''
  if (tagName === 'script') return !/^application\/(?:ld\+)?json$/.test(value('type'))
  if (tagName === 'link') return !/^(?:stylesheet|icon)$/.test(value('rel'))
  return tagName === 'meta' && /^content-security-policy$/i.test(value('http-equiv'))
}

/** What the page loads: the script comes first, so that the colours of the night are there from the start. */
function makeLinks({ file }: PackedPage): Element[] {
  const { childNodes } = parseFragment(
    `<meta charset="utf-8"><script src="${relativeTo(file, 'pack.js')}"></script><link rel="stylesheet" href="${relativeTo(file, 'pack.css')}">`,
  )
  return childNodes as Element[]
}

/** The bar above the page: how old it is, the way to other pages, and room for the search. */
function makeBar({ file, title, date, provenUntil, fileOf }: PackedPage): Element[] {
  const link = (path: string, text: string) => {
    const to = fileOf(path)
    return to === undefined ? '' : `<a href="${relativeTo(file, to)}">${text}</a>`
  }
  const none = /^runbooks\/(?!index\.html)/.test(file) ? ' No proof of this page counts.' : ''
  const proofs = provenUntil === undefined ? none : ` Its proofs count until ${provenUntil}.`
  const { childNodes } = parseFragment(`<aside class="hb-pack" aria-label="This copy">
<p class="hb-pack-date"><b>A copy of ${escape(date)}</b>, not the live handbook.${proofs} <span class="hb-pack-age" role="status"></span></p>
<p>${link('/', escapeText(title))} ${link('/runbooks', 'Runbooks')} ${link('/docs/operations/troubleshooting', 'Troubleshooting')} ${link('/docs/incidents', 'Incidents')} ${link(`/${CALL_PAGE}`, 'Whom to call')}</p>
<div class="hb-pack-search"></div>
</aside>`)
  return childNodes as Element[]
}

function prepend(parent: Parent, nodes: readonly DefaultTreeAdapterTypes.ChildNode[]): void {
  const [first] = parent.childNodes
  for (const node of nodes) {
    if (first) defaultTreeAdapter.insertBefore(parent, node, first)
    else defaultTreeAdapter.appendChild(parent, node)
  }
}

/** An address of the site as the path of its file, seen from the page; what leads elsewhere stays as it is. */
function leadToFile(address: string, { file, fileOf }: PackedPage): string {
  if (!address.startsWith('/') || address.startsWith('//')) return address
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/.exec(address) ?? []
  const to = fileOf(decodeURI(path))
  return to === undefined ? address : relativeTo(file, to) + rest.replace(/^\?[^#]*/, '')
}

/** The way from a page to another file of the pack; `''` is the top. */
function relativeTo(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to)
  return to === '' ? (path === '' ? './' : `${path}/`) : encodeURI(path === '' ? posix.basename(to) : path)
}

function listElements(parent: Parent): Element[] {
  return parent.childNodes.flatMap(node => ('tagName' in node ? [node, ...listElements(node)] : []))
}
