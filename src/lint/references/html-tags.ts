import type { Html, Nodes } from 'mdast'
import type { DefaultTreeAdapterTypes } from 'parse5'
import type { Place } from '../../procedure/index.ts'
import type { Attribute, Tag } from './active-content.ts'

/** A piece of raw HTML on a page. */
interface Piece {
  readonly text: string
  readonly placeAt: (offset: number) => Place
}

/**
 * The tags of a page’s raw HTML as browsers read it. Each piece is read by itself, because a browser begins anew behind Markdown, and all of
 * them together, because it may also go on.
 */
export function listHtmlTags(nodes: readonly Nodes[], source: readonly string[]): Tag[] {
  const pieces = nodes.flatMap(node => (node.type === 'html' ? [readPiece(node, source)] : []))
  if (pieces.length === 0) return []
  const all = pieces.length === 1 ? [] : [join(pieces)]
  const found = [...pieces, ...all].flatMap(readTags)
  const known = new Set<string>()
  return found.filter(({ name, place: { line, column } }) => {
    const key = `${line}:${column} ${name}`
    return !known.has(key) && known.add(key)
  })
}

/** A line stands in its line of the page as it is: lists and quotes only take characters from its front. */
function readPiece({ value, position }: Html, source: readonly string[]): Piece {
  const start = position?.start ?? { line: 1, column: 1 }
  const starts = [0, ...[...value.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)]
  return {
    text: value,
    placeAt(offset) {
      const index = findLast(starts, offset)
      const column = offset - (starts[index] ?? 0) + 1
      const line = start.line + index
      if (index === 0) return { line, column: start.column + column - 1 }
      const text = value.slice(starts[index], starts[index + 1]).replace(/[\r\n]+$/, '')
      return { line, column: Math.max(0, (source[line - 1] ?? '').indexOf(text)) + column }
    },
  }
}

/** The index of the last number that is not above a value, in numbers that grow. */
function findLast(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((numbers[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}

function join(pieces: readonly Piece[]): Piece {
  let length = 0
  const starts = pieces.map(({ text }) => {
    const from = length
    length += text.length + 1
    return from
  })
  return {
    text: pieces.map(({ text }) => text).join('\n'),
    placeAt(offset) {
      const index = findLast(starts, offset)
      return pieces[index]?.placeAt(offset - (starts[index] ?? 0)) ?? { line: 1, column: 1 }
    },
  }
}

type Node = DefaultTreeAdapterTypes.Node

function readTags({ text, placeAt }: Piece): Tag[] {
  if (!text.includes('<')) return []
  const { parseFragment }: typeof import('parse5') = require('parse5')
  const tags: Tag[] = []
  const waiting: Node[] = [parseFragment(text, { sourceCodeLocationInfo: true, scriptingEnabled: false })]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ('content' in node) waiting.push(node.content)
    if ('childNodes' in node) waiting.push(...node.childNodes.toReversed())
    if (!('tagName' in node)) continue
    const at = node.sourceCodeLocation
    // An element that only follows from others, such as tbody, is not written anywhere.
    if (!at) continue
    const attributes = node.attrs.map(({ prefix, name, value }): Attribute => {
      const full = prefix ? `${prefix}:${name}` : name
      const offset = at.attrs?.[full.toLowerCase()]?.startOffset ?? at.startOffset
      return { name: readName(text, offset, full), value, place: placeAt(offset) }
    })
    tags.push({ name: node.tagName, attributes, place: placeAt(at.startOffset) })
  }
  // What browsers leave out where it stands: they take it elsewhere.
  for (const { index, 1: name = '' } of text
    .replace(/<!--[\s\S]*?-->/g, hide)
    .matchAll(/<(html|head|body|frameset|frame)(?=[\s/>])/gi))
    if (!tags.some(({ place }) => place.line === placeAt(index).line && place.column === placeAt(index).column))
      tags.push({ name: name.toLowerCase(), attributes: [], place: placeAt(index) })
  return tags
}

function hide(comment: string): string {
  return comment.replace(/[^\r\n]/g, ' ')
}

/** The attribute as its author spelled it. */
function readName(text: string, offset: number, name: string): string {
  const written = text.slice(offset, offset + name.length)
  return written.toLowerCase() === name.toLowerCase() ? written : name
}
