import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
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

/** A page, and the problems that do not depend on other pages; plain data. */
export interface Inspection {
  readonly page: PageData
  readonly problems: readonly Problem[]
}

/** The inspected pages in their order, and what went wrong with the tools: no compiler, no bash. */
interface Inspections {
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
  const inspections = pages.map(({ path, procedure, matter, anchors, links, marks }) => {
    const page = { path, procedure, ...(matter ? { matter } : {}), anchors, links, marks }
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

/** With fewer pages a thread saves no time, because each thread starts its own compiler, and V8 compiles again for each. */
const PAGES_A_THREAD = 400
const MOST_THREADS = 4

/**
 * Inspects pages on as many threads as save time. The threads run `inspect.cjs`, which is built from `inspect.entry.ts` and lies beside
 * this bundle.
 */
export const inspectInThreads: Inspect = async (sources, facts) => {
  const threads = Math.min(availableParallelism(), MOST_THREADS, Math.ceil(sources.length / PAGES_A_THREAD))
  if (threads < 2) return inspectPages(sources, facts)
  const shares = Array.from({ length: threads }, (_, thread) => sources.filter((_, at) => at % threads === thread))
  const parts = await Promise.all(
    shares.map(async share => {
      const worker = new Worker(join(__dirname, 'inspect.cjs'), {
        workerData: { sources: share, facts },
        // Syntax trees come and go by the hundred: room for them saves a tenth of the time.
        resourceLimits: { maxYoungGenerationSizeMb: 64 },
      })
      const [found]: Inspections[] = await once(worker, 'message')
      return found ?? { inspections: [], failures: [] }
    }),
  )
  const found = new Map(
    parts.flatMap(({ inspections }) => inspections.map(inspection => [inspection.page.path, inspection] as const)),
  )
  return {
    inspections: sources.flatMap(({ path }) => found.get(path) ?? []),
    failures: parts.flatMap(({ failures }) => failures),
  }
}
