import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Heading, Parent, Root, RootContent } from 'mdast'
import { CONTINUE, SKIP, visit } from 'unist-util-visit'
import { readDecisions, type StepDecisions } from '../lint/index.ts'
import { listNodes, type Heading as PageHeading, type Procedure, parseProcedure } from '../procedure/index.ts'
import { viewDiagram } from './diagram.ts'
import { drawDecisions } from './draw-decisions.ts'
import { type HandbookFacts, viewPage } from './view-page.ts'
import type { PageView } from './view-types.ts'

/** The folder of the handbook, and what its file says. */
interface RemarkProcedureOptions extends HandbookFacts {
  readonly root: string
  /** The pages that were read before. */
  readonly known?: KnownProcedures
}

/**
 * Turns a procedure's phases, steps and blocks into components, and gives every heading its id in the handbook. It makes nodes and not
 * text, so it works on CommonMark pages too. It reads the page from the disk, because the front matter is part of the program.
 */
export function remarkProcedure({ root, known = new KnownProcedures(), ...facts }: RemarkProcedureOptions) {
  return async (tree: Root, file: { readonly path: string }): Promise<void> => {
    const path = relative(root, file.path).split(sep).join('/')
    const procedure = known.read(readFileSync(file.path, 'utf8'), path)
    calmComments(tree)
    showDiagrams(tree, root, path)
    const headings = markHeadings(tree, procedure)
    if (procedure.phases.length === 0) return
    const decisions = await readDecisions(procedure)
    tree.children = arrange(tree.children, headings, procedure, viewPage(procedure, facts), decisions)
  }
}

/** Gives the headings of the tree their ids. Both trees come from the same text, so their headings have the same order. */
function markHeadings(tree: Root, { headings }: Procedure): Map<RootContent, PageHeading> {
  const marked = new Map<RootContent, PageHeading>()
  for (const node of tree.children.filter(node => node.type === 'heading')) {
    const heading = headings[marked.size]
    if (!heading || heading.depth !== node.depth) return marked
    markHeading(node, heading.id)
    marked.set(node, heading)
  }
  return marked
}

/** The page's nodes with its card on top, and each phase, step and block in an element of its own. */
function arrange(
  nodes: readonly RootContent[],
  headings: ReadonlyMap<RootContent, PageHeading>,
  procedure: Procedure,
  view: PageView,
  decisions: readonly StepDecisions[],
): RootContent[] {
  const page: RootContent[] = []
  let section: Element | undefined
  /** The element, inside the section, into which the next node goes. */
  let part: Element | undefined
  let diagnose: Element | undefined
  for (const node of nodes) {
    const heading = headings.get(node)
    if (heading?.depth === 1) section = part = undefined
    if (heading?.depth === 2) {
      const phase = element('handbook-phase', view.phases.get(heading.id))
      section = phase ?? plain('section')
      part = phase && plain('div')
      if (part) section.children.push(part)
      page.push(section)
      if (view.phases.get(heading.id)?.name === 'diagnose') diagnose = section
    }
    if (section && heading?.depth === 3) {
      const stepView = view.steps.get(heading.id)
      part = element('handbook-step', stepView)
      if (part) section.children.push(part)
      if (stepView && node.type === 'heading') node.children.unshift({ type: 'text', value: `${stepView.number} ` })
    }
    const parent = part ?? section
    if (parent && isFlow(node)) parent.children.push(node)
    else page.push(node)
  }
  wrapBlocks(page, headings, procedure, view)
  const drawn = drawDecisions(decisions, view.card)
  if (drawn.length > 0) diagnose?.children.push({ ...plain('handbook-decisions'), children: drawn })
  const title = page.findIndex(node => node.type === 'heading' && node.depth === 1)
  const card = element('handbook-card', view.card)
  if (card) page.splice(title + 1, 0, card)
  const record = element('handbook-record', { path: procedure.path })
  if (record && procedure.kind === 'runbook') page.push(record)
  return page
}

/** Finds blocks by their line, in lists and quotes too. Headings tell how many lines of front matter were cut off before. */
function wrapBlocks(
  page: RootContent[],
  headings: ReadonlyMap<RootContent, PageHeading>,
  { phases }: Procedure,
  view: PageView,
): void {
  const [[node, heading] = []] = headings
  const offset = (heading?.line ?? 0) - (node?.position?.start.line ?? 0)
  const blocks = new Map(
    phases.flatMap(({ steps }) => steps.map(({ id, block }) => [block.fence.line - offset, view.blocks.get(id)])),
  )
  const root: Root = { type: 'root', children: page }
  visit(root, 'code', (node, index, parent) => {
    const wrapped = element('handbook-block', blocks.get(node.position?.start.line ?? 0), [node])
    if (!wrapped || !parent || index === undefined) return CONTINUE
    parent.children.splice(index, 1, wrapped)
    return [SKIP, index + 1]
  })
}

/** An element of the page, with its name in HTML. Docusaurus renders it as it renders a paragraph. */
interface Element extends Parent {
  readonly type: 'handbookElement'
  readonly data: { readonly hName: string; readonly hProperties: { readonly view?: string } }
}

declare module 'mdast' {
  interface RootContentMap {
    handbookElement: Element
  }
  interface BlockContentMap {
    handbookElement: Element
  }
}

/** An element with its data as JSON in its only attribute, so that nothing of it can be read as code. */
function element(name: string, view: object | undefined, children: Element['children'] = []): Element | undefined {
  if (!view) return undefined
  return { type: 'handbookElement', data: { hName: name, hProperties: { view: JSON.stringify(view) } }, children }
}

/** A section of prose, the prose of a phase before its first step, or what its steps decide. */
function plain(name: 'section' | 'div' | 'handbook-decisions'): Element {
  return { type: 'handbookElement', data: { hName: name, hProperties: {} }, children: [] }
}

const FLOW: readonly string[] =
  'blockquote code heading html list paragraph table thematicBreak definition footnoteDefinition mdxJsxFlowElement mdxFlowExpression'.split(
    ' ',
  )

/** Whether a node may be inside an element. Imports and exports of an MDX page may not. */
function isFlow(node: RootContent): node is Element['children'][number] {
  return FLOW.includes(node.type)
}

const ID_COMMENT = /^(?:<!--|\/\*)\s*#[\w-]+\s*(?:-->|\*\/)$/
const BRACES = /\s*\{#[\w-]+\}\s*$/

/** Gives a heading its id, and removes the id from its text: `<!-- #id -->`, `{#id}`, `{/* #id *\/}`. */
function markHeading(node: Heading, id: string): void {
  node.children = node.children.filter(
    child => !((child.type === 'html' || child.type === 'mdxTextExpression') && ID_COMMENT.test(child.value.trim())),
  )
  const last = node.children.at(-1)
  if (last?.type === 'text') last.value = last.value.replace(BRACES, '').trimEnd()
  node.data = { ...node.data, hProperties: { ...node.data?.hProperties, id } }
}

/** Shows the drawings of a diagram in place of its source. */
function showDiagrams(tree: Root, root: string, path: string): void {
  visit(tree, 'code', (node, index, parent) => {
    if (node.lang !== 'mermaid' || !parent || index === undefined) return
    const view = viewDiagram(node.value)
    const missing = [view.light, view.dark].find(file => !existsSync(join(root, 'static', file)))
    if (missing)
      throw new Error(`${path}: a diagram was not drawn: static${missing} is missing. Draw it with: npm run diagrams`)
    const diagram = element('handbook-diagram', view)
    if (diagram) parent.children.splice(index, 1, diagram)
  })
}

/** A comment in HTML, also one that is never closed. */
const COMMENT = /<!--[\s\S]*?(?:-->|$)|<[!?][^>]*(?:>|$)/g

/**
 * Keeps HTML comments from breaking the build. The site's bundler copies them into JavaScript comments, which an asterisk and a slash, as
 * in a glob of paths, would end too early. A space between the two does no harm, because nobody sees a comment.
 */
function calmComments(tree: Root): void {
  for (const node of listNodes(tree)) {
    if (node.type === 'html') node.value = node.value.replace(COMMENT, comment => comment.replaceAll('*/', '* /'))
  }
}

/** The pages as programs. The check and the build of the pages share them, so that each page is read only once. */
export class KnownProcedures {
  #byPath = new Map<string, Procedure>()

  /** Keeps pages until they change. */
  learn(procedures: readonly Procedure[]): void {
    this.#byPath = new Map(procedures.map(procedure => [procedure.path, procedure]))
  }

  /** The page as a program. It is read again when its text has changed. */
  read(text: string, path: string): Procedure {
    const known = this.#byPath.get(path)
    const same = known?.hash === createHash('sha256').update(text).digest('hex')
    return known && same ? known : parseProcedure(text, path)
  }
}
