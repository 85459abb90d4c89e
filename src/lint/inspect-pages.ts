import type { Problem } from '../base/index.ts'
import type { HandbookFile } from '../environments/index.ts'
import { type Page, type PageData, type ReadPage, readPage } from './page.ts'
import { checkPageAlerts } from './references/check-alerts.ts'
import { checkDrills } from './references/check-drills.ts'
import { checkKeeping } from './references/check-keeping.ts'
import { checkKeys } from './references/check-keys.ts'
import { checkProse } from './references/check-prose.ts'
import { checkSecrets } from './references/check-secrets.ts'
import { checkSections } from './references/check-sections.ts'
import { checkWaysBack } from './references/check-ways-back.ts'
import { checkShell } from './shell/check-shell.ts'
import { checkTypes } from './types/check-types.ts'
import { type Compiler, openCompiler } from './types/compiler.ts'

/** A page's text, and its path relative to the handbook's root. */
export interface PageSource {
  readonly path: string
  readonly text: string
}

/** What a page is judged by, beside its own text; plain data. */
export interface Surroundings {
  readonly root: string
  readonly file: HandbookFile
  /** The names of the faults that drills may name. */
  readonly faults: readonly string[]
  /** The names of the alerts that there are; none when nobody can know. */
  readonly alerts?: readonly string[]
  /** ISO date against which reviews are judged. */
  readonly today: string
  /** Whether ShellCheck, which has to be installed, looks at bash blocks. */
  readonly shellcheck?: boolean
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
export type Inspect = (sources: readonly PageSource[], surroundings: Surroundings) => Promise<Inspections>

/** Inspects pages on this thread, once. */
export const inspectPages: Inspect = async (sources, surroundings) => {
  const compiler = openCompiler(surroundings.root)
  try {
    return await inspectWith(compiler, sources, surroundings)
  } finally {
    compiler.close()
  }
}

/** Inspects pages with a compiler that stays open between one time and the next. */
export async function inspectWith(
  compiler: Compiler,
  sources: readonly PageSource[],
  surroundings: Surroundings,
): Promise<Inspections> {
  const found: Problem[] = []
  const pages: Page[] = []
  for (const { text, path } of sources) {
    const read = readPage(text, path)
    found.push(...inspectPage(read, surroundings))
    // The tree, many times the page's size, is not kept.
    const { text: _, tree: __, ...page } = read
    pages.push(page)
  }
  // bash works while TypeScript is asked, which takes this thread.
  const shell = checkShell(pages, surroundings.file, surroundings.shellcheck)
  found.push(
    ...(await checkTypes(pages, surroundings, compiler)),
    ...(await shell),
    ...(await checkSecrets(
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

function inspectPage(page: ReadPage, { file, faults, alerts, today }: Surroundings): Problem[] {
  return [
    ...page.procedure.problems,
    ...checkSections(page),
    ...checkWaysBack(page),
    ...checkDrills(page, faults),
    ...checkKeeping(page, file, today),
    ...checkKeys(page),
    ...checkProse(page),
    ...(alerts ? checkPageAlerts(page, alerts) : []),
  ]
}
