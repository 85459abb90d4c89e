import { createHash } from 'node:crypto'
import GithubSlugger from 'github-slugger'
import type { Root, RootContent } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import type { Problem } from '../base/index.ts'
import {
  checkCheap,
  checkEmptyPhases,
  checkPhases,
  checkTouching,
  checkUndoing,
  checkVariables,
} from './check-steps.ts'
import { type FrontMatter, parseFrontMatter } from './front-matter.ts'
import { readHeading } from './heading.ts'
import { isBlock, mayBeRun } from './may-run.ts'
import type { Heading, Part, Phase, Procedure, ReportProblem, Section } from './model.ts'
import { nameFile } from './page-names.ts'
import { findKind, findNearMiss, findPhase, PHASES } from './phases.ts'
import { listNodes, readTree } from './read-markdown.ts'
import { readSteps } from './read-steps.ts'
import { sayBelow } from './say-below.ts'
import { type Matter, readKeywords } from './yaml-places.ts'

/**
 * Reads a Markdown page as a program. Never throws: what is wrong with the page is in its `problems`.
 * `path` is relative to the handbook's root; its ending chooses between CommonMark and MDX.
 */
export function parseProcedure(text: string, path: string): Procedure {
  return parsePage(text, path).procedure
}

/** A page as a program, with the tree and the front matter from which it was read. */
export interface ParsedPage {
  readonly procedure: Procedure
  readonly tree: Root
  readonly matter: Matter
}

/** A page as a program, beside the syntax tree that it was read from; the tree is empty when the page is not valid MDX. */
export function parsePage(text: string, path: string): ParsedPage {
  const problems: Problem[] = []
  const report: ReportProblem = (place, rule, message, more) => {
    problems.push({ file: path, line: place.line, column: place.column, rule, severity: 'error', message, ...more })
  }
  const tree = readTree(text, path, report)
  const first = tree.children[0]
  const {
    frontMatter,
    problems: wrong,
    matter,
  } = parseFrontMatter(first?.type === 'yaml' ? first.value : '', path, (first?.position?.start.line ?? 1) + 1)
  problems.push(...wrong)
  if (/^\uFEFF?---[ \t]*\r?\n[\w-]+[ \t]*:/.test(text) && first?.type !== 'yaml' && tree.children.length > 0) {
    report({ line: 1, column: 1 }, 'front-matter', 'The front matter is never closed, so none of it counts', {
      hint: 'Close it with a line of three hyphens',
    })
  }
  const other = /^\uFEFF?---[ \t]*([a-z]\w*)[ \t]*(?:\r|\n)/i.exec(text)?.[1]
  if (other !== undefined) {
    report(
      { line: 1, column: 1 },
      'front-matter',
      `Front matter is YAML, and this would be read as ${other} when the site is built`,
      {
        found: `---${other}`,
        hint: 'Write three hyphens alone',
      },
    )
  }

  const slugger = new GithubSlugger()
  const headings: Heading[] = []
  const known = new Set<string>()
  for (const [at, node] of tree.children.entries()) {
    if (node.type !== 'heading' || !node.position) continue
    const heading = { ...readHeading(node, slugger), below: sayBelow(tree.children, at) }
    if (known.has(heading.id)) {
      report(heading, 'unique-ids', `The id ${heading.id} is already taken on this page`, {
        hint: 'Give one of them another id',
      })
    }
    known.add(heading.id)
    headings.push(heading)
  }
  const parts = splitByHeading(tree, headings)
  const source = text.split(/\r\n|\r|\n/)
  const isProse = frontMatter.static || readsAsProse(parts, frontMatter, source)
  const phaseOf = (heading: Heading | undefined) =>
    heading?.depth === 2 && !isProse ? findPhase(heading.title) : undefined
  const executable = parts.some(({ heading }) => phaseOf(heading))
  // On a page without phases, “Rollback” is an ordinary heading, unless a step stands below it.
  const meant =
    executable ||
    (!frontMatter.static &&
      [frontMatter.alerts, frontMatter.drills, frontMatter.params].some(({ length }) => length > 0))
  const hasStep = ({ parts }: Group) =>
    !frontMatter.static &&
    parts.some(({ heading, nodes }) => heading?.depth === 3 && nodes.some(node => isBlock(node, source)))
  const sections: Section[] = []
  const phases: Phase[] = []
  for (const group of groupByLevel2(parts)) {
    const { heading } = group
    const known = phaseOf(heading)
    if (heading) {
      sections.push({ ...readSection(group, source), ...(known ? { phase: known.name } : {}) })
      const near = known || !(meant || hasStep(group)) ? undefined : findNearMiss(heading.title)
      if (near) {
        report(
          heading,
          'near-miss-heading',
          `“${heading.title}” is nearly the phase “${near.title}”, but its steps would not run`,
          {
            expected: near.title,
            found: heading.title,
            hint: `Write “## ${near.title}”, or choose a heading that cannot be mistaken for it`,
          },
        )
      }
    }
    const steps = readSteps(group.parts, known, { source, report, executable })
    if (heading && known) {
      if (phases.some(({ name }) => name === known.name)) {
        report(heading, 'one-phase-each', `This page has the phase ${known.title} twice`)
      }
      phases.push({ name: known.name, title: known.title, line: heading.line, column: heading.column, steps })
    }
  }
  const steps = phases.flatMap(phase => phase.steps)
  const kind = findKind(phases, frontMatter)
  checkPhases(phases, kind, report)
  if (!problems.some(({ rule }) => rule === 'closed-fence' || rule === 'fence-in-html')) {
    const isEmpty = (phase: Phase) => sections.some(({ line, empty }) => line === phase.line && empty)
    checkEmptyPhases(phases, kind, isEmpty, report)
  }
  checkUndoing(steps, report)
  checkTouching(steps, report)
  checkCheap(steps, report)
  checkVariables(steps, report)
  const procedure: Procedure = {
    id: frontMatter.id?.normalize() ?? nameFile(path),
    path,
    kind,
    title: frontMatter.title ?? headings.find(({ depth }) => depth === 1)?.title ?? nameFile(path),
    alerts: frontMatter.alerts,
    keywords: readKeywords(matter),
    ...(frontMatter.owner === undefined ? {} : { owner: frontMatter.owner }),
    params: frontMatter.params,
    drills: frontMatter.drills,
    waivers: frontMatter.waivers,
    ...(frontMatter.reviewed === undefined ? {} : { reviewed: frontMatter.reviewed }),
    ...(frontMatter.area === undefined ? {} : { area: frontMatter.area }),
    items: frontMatter.items,
    ...(frontMatter.routine ? { routine: true } : {}),
    notApplicable: frontMatter.notApplicable,
    phases: phases.toSorted((a, b) => order(a) - order(b)),
    sections,
    headings,
    hash: createHash('sha256').update(text).digest('hex'),
    problems,
  }
  return { procedure, tree, matter }
}

function splitByHeading(tree: Root, headings: readonly Heading[]): Part[] {
  let nodes: RootContent[] = []
  const parts: Part[] = [{ nodes }]
  for (const node of tree.children) {
    if (node.type === 'yaml') continue
    const heading =
      node.type === 'heading' ? headings.find(({ line }) => line === node.position?.start.line) : undefined
    if (heading) {
      nodes = []
      parts.push({ heading, nodes })
    } else nodes.push(node)
  }
  return parts
}

/** What stands under one level-2 heading; a heading of level 1 closes it. */
interface Group {
  readonly heading?: Heading
  readonly parts: Part[]
}

function groupByLevel2(parts: readonly Part[]): Group[] {
  const groups: Group[] = []
  for (const part of parts) {
    const last = groups.at(-1)
    const above = last?.parts.at(-1)
    if (last && above && part.heading && part.heading.depth > 3) {
      last.parts.splice(-1, 1, { ...above, nodes: [...above.nodes, ...part.nodes] })
    } else if (last && part.heading && part.heading.depth > 2) last.parts.push(part)
    else if (part.heading?.depth === 2) groups.push({ heading: part.heading, parts: [part] })
    else groups.push({ parts: [part] })
  }
  return groups
}

function readSection({ heading, parts }: Group, source: readonly string[]): Section {
  const content = parts
    .flatMap(part => part.nodes)
    .filter(node => !(node.type === 'html' && node.value.startsWith('<!--')))
  const end = parts.flatMap(part => part.nodes).at(-1)?.position?.end.line ?? 0
  const lead = content.find(node => node.type === 'paragraph')
  return {
    title: heading?.title ?? '',
    id: heading?.id ?? '',
    line: heading?.line ?? 1,
    column: heading?.column ?? 1,
    empty: content.length === 0,
    lead: lead ? toText(lead, { includeHtml: false }).replaceAll(/\s+/g, ' ') : '',
    text: source
      .slice(heading?.line ?? 0, end)
      .join('\n')
      .trim(),
  }
}

/** Titles that are a phase only when a block stands below them, because people also write them above prose. */
const PLAIN_WORDS = ['Verify', 'Roll back', 'Checks']

function readsAsProse(
  parts: readonly Part[],
  { alerts, drills, params, area }: FrontMatter,
  source: readonly string[],
): boolean {
  if (area !== undefined || [alerts, drills, params].some(({ length }) => length > 0)) return false
  const groups = groupByLevel2(parts).filter(({ heading }) => heading?.depth === 2 && findPhase(heading.title))
  const below = groups.flatMap(group => group.parts.flatMap(({ nodes }) => nodes.flatMap(listNodes)))
  const isPlain = groups.every(({ heading }) => PLAIN_WORDS.includes(heading?.title ?? ''))
  return isPlain && !below.some(node => mayBeRun(node, source))
}

function order(phase: Phase): number {
  return PHASES.findIndex(({ name }) => name === phase.name)
}
