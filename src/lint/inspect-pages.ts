import type { Problem } from '../base/index.ts'
import type { PageFacts } from './facts.ts'
import { type Page, type PageData, type ReadPage, readPage } from './page.ts'
import { makeProblem } from './rule.ts'
import { RULES } from './rules.ts'
import { checkShell } from './shell/check-shell.ts'
import { checkTypes } from './types/check-types.ts'
import { type Compiler, openCompiler } from './types/compiler.ts'

/** A page's text, and its path relative to the handbook's root. */
export interface PageSource {
  readonly path: string
  readonly text: string
}

/** A page, and what is wrong with it whatever the other pages say; plain data. */
export interface Inspection {
  readonly page: PageData
  readonly problems: readonly Problem[]
}

/** What came of inspecting pages, in their order, and what kept that from being whole: no compiler, no bash. */
export interface Inspections {
  readonly inspections: readonly Inspection[]
  readonly failures: readonly Problem[]
}

/** Inspects pages: structure, front matter, types and shell. */
export type Inspect = (sources: readonly PageSource[], facts: PageFacts) => Promise<Inspections>

/** Inspects pages on this thread, once. */
export const inspectPages: Inspect = async (sources, facts) => {
  const compiler = openCompiler(facts.root)
  try {
    return await inspectWith(compiler, sources, facts)
  } finally {
    compiler.close()
  }
}

/** Inspects pages with a compiler that stays open between one time and the next. */
export async function inspectWith(
  compiler: Compiler,
  sources: readonly PageSource[],
  facts: PageFacts,
): Promise<Inspections> {
  const found: Problem[] = []
  const pages: Page[] = []
  for (const { text, path } of sources) {
    const read = readPage(text, path)
    found.push(...inspectPage(read, facts))
    // The tree, many times the page's size, is not kept.
    const { text: _, tree: __, ...page } = read
    pages.push(page)
  }
  // bash works while TypeScript is asked, which takes this thread.
  const shell = checkShell(pages, facts.file, facts.shellcheck)
  found.push(
    ...(await checkTypes(pages, facts, compiler)),
    ...(await shell),
    ...(await checkTexts(
      pages,
      sources.map(({ text }) => text),
    )),
  )
  const byPath = new Map<string, Problem[]>(pages.map(({ path }) => [path, []]))
  const failures = found.filter(problem => byPath.get(problem.file)?.push(problem) === undefined)
  const inspections = pages.map(({ path, procedure, matter, anchors, links }) => {
    const page = { path, procedure, ...(matter ? { matter } : {}), anchors, links }
    return { page, problems: byPath.get(path) ?? [] }
  })
  return { inspections, failures }
}

function inspectPage(page: ReadPage, facts: PageFacts): Problem[] {
  const found = RULES.flatMap(rule =>
    (rule.checkPage?.(page, facts) ?? []).map(violation => makeProblem(rule, page.path, violation)),
  )
  return [...page.procedure.problems, ...found]
}

async function checkTexts(pages: readonly Page[], texts: readonly string[]): Promise<Problem[]> {
  const found = await Promise.all(
    RULES.map(async rule =>
      ((await rule.checkTexts?.(pages, texts)) ?? []).map(({ file, ...violation }) =>
        makeProblem(rule, file, violation),
      ),
    ),
  )
  return found.flat()
}
