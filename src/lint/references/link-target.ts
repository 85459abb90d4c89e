import { posix } from 'node:path'
import type { PageLink } from './list-links.ts'

/** What a link leads to. */
export interface LinkTarget {
  /** As written, without query and anchor; empty when the link stays on its page. */
  readonly path: string
  /** Relative to the handbook's root; it begins with `..` when it lies outside. */
  readonly file: string
  /** The text behind `#`, as written; empty without one. */
  readonly anchor: string
}

/**
 * The file that a link means; `undefined` when it means an address without an ending (`/runbooks/x`, `../x`): those are the site's own,
 * and are left to its build.
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

/** An address with what was escaped in it, as far as it can be read. */
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
