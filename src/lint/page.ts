import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Root } from 'mdast'
import { type Matter, type Place, type Procedure, parsePage, readMatter } from '../procedure/index.ts'
import { listMarks, type Marks } from './quantities/marks.ts'
import { listAnchors, listLinks, type PageLink } from './references/page-links.ts'

/** A page that was read, for checks: plain data, which can be kept and sent. */
export interface PageData {
  readonly path: string
  readonly procedure: Procedure
  /** The YAML of the front matter, and the page's line on which it begins. */
  readonly matter?: { readonly yaml: string; readonly firstLine: number }
  readonly anchors: readonly string[]
  readonly links: readonly PageLink[]
  /** Where it names quantities. */
  readonly marks: Marks
}

/** A page as checks see it. */
export interface Page extends PageData {
  /** Where a value of the front matter stands; without one, the page's beginning. */
  placeOf(...path: readonly PropertyKey[]): Place
  /** The keys of the front matter, where they stand. */
  keys(): readonly (Place & { readonly name: string })[]
}

/** A page with its text and its syntax tree. */
export interface ReadPage extends Page {
  readonly text: string
  readonly tree: Root
}

/** Reads a page once for all checks. */
export function readPage(text: string, path: string): ReadPage {
  const { procedure, tree, matter } = parsePage(text, path)
  const first = tree.children[0]
  const source =
    first?.type === 'yaml' ? { yaml: first.value, firstLine: (first.position?.start.line ?? 1) + 1 } : undefined
  const data = {
    path,
    procedure,
    ...(source ? { matter: source } : {}),
    anchors: listAnchors(tree, procedure),
    links: listLinks(tree, text),
    marks: listMarks(tree, text),
  }
  return { ...openPage(data, matter), text, tree }
}

/** Makes a page from its plain data. */
export function openPage(data: PageData, known?: Matter): Page {
  let matter = known
  const read = () => {
    matter ??= readMatter(data.matter?.yaml ?? '', data.matter?.firstLine ?? 1)
    return matter
  }
  return {
    ...data,
    placeOf: (...keys) => read().placeOf(keys),
    keys: () => read().keys(),
  }
}

/** Reads a file of the handbook by its path relative to the root; `undefined` when there is none. */
export type ReadText = (path: string) => Promise<string | undefined>

/** Reads files below a folder from the disk. */
export function readTextFrom(root: string): ReadText {
  return path => readFile(join(root, path), 'utf8').catch(() => undefined)
}

/** Whether the front matter could be read. If not, the parameters of the page are unknown. */
export function knowsFrontMatter({ problems }: Procedure): boolean {
  return !problems.some(({ rule }) => rule === 'front-matter')
}
