import type { RuleFile } from '../alerts/index.ts'
import type { Problem, WaivedProblem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import type { LabContent, Proof } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { FilledIn, HandbookFacts, ReadinessFacts } from './facts.ts'
import { type Inspect, inspectPages } from './inspect-pages.ts'
import { openPage, type Page, type ReadText, readPage } from './page.ts'
import { readQuantities } from './quantities/read-quantities.ts'
import { type Routes, readRoutes } from './references/site-routes.ts'
import { makeProblem, type Rule } from './rule.ts'
import { anchorResolves } from './rules/anchor-resolves.ts'
import { imageExists } from './rules/image-exists.ts'
import { linkResolves } from './rules/link-resolves.ts'
import { RULES } from './rules.ts'
import { addHints, sortProblems } from './sort-problems.ts'
import { applyWaivers } from './waivers.ts'

/** The input of the lint. Everything that other rooms know comes in as data. */
export interface LintOptions {
  readonly handbook: Handbook
  readonly readText: ReadText
  /** The content of the rule files that `handbook.yaml` names: `readRuleFiles(handbook)`. */
  readonly rules: RuleFile
  /** The names of the faults that drills may name; `undefined` when they are unknown, then any name is right. */
  readonly faults: readonly string[] | undefined
  /** All scripts that pages should show: `listScripts(handbook)`; without them this is not checked. */
  readonly scripts?: readonly string[]
  /** The facts for assessment pages; without them these pages are not compared with a catalogue. */
  readonly readiness?: ReadinessFacts
  /** The newest proof of each drill; without them proofs are not checked. */
  readonly proofs?: readonly Proof[]
  /** Reads the content of the lab's faults and of its deployment; called only when needed. Without it, proofs are compared with pages only. */
  readonly readLab?: () => Promise<LabContent | undefined>
  /** Paths of Markdown files that are not pages, such as the README: only their links and images are checked. */
  readonly beside?: readonly string[]
  /** Today as an ISO date, for the age of reviews. */
  readonly today: string
  /** Paths of the pages to check; without it, all pages and the rule files. */
  readonly only?: readonly string[]
  /** Whether ShellCheck checks bash blocks. It must be installed. */
  readonly shellcheck?: boolean
  /** What an owner fills in; without it, this is not checked. */
  readonly filledIn?: FilledIn
  /** How pages are inspected; by default, all of them on this thread. */
  readonly inspect?: Inspect
}

/** The result of the lint: problems, and the pages as programs in the order of their paths. */
export interface LintResult {
  /** Each one once, sorted by file, line, column and rule. */
  readonly problems: readonly Problem[]
  /** The waived problems, in the same order. */
  readonly waived: readonly WaivedProblem[]
  readonly procedures: readonly Procedure[]
}

/** Checks the pages of a handbook: structure, types, shell and references. It does not throw for a mistake of an author. */
export async function lintHandbook(options: LintOptions): Promise<LintResult> {
  const { handbook, rules, only, inspect = inspectPages } = options
  const readText = remember(options.readText)
  const alerts = listAlerts(options)
  const sources = await Promise.all((only ?? handbook.pages).map(async path => ({ path, text: await readText(path) })))
  const { inspections, failures } = await inspect(
    sources.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }])),
    {
      root: handbook.root,
      file: handbook.file,
      faults: options.faults,
      today: options.today,
      shellcheck: options.shellcheck ?? false,
      ...(alerts ? { alerts } : {}),
    },
  )
  const pages = inspections.map(({ page }) => openPage(page))
  const inspected = new Map(pages.map(page => [page.path, page]))
  const { faults, scripts, readiness, proofs, shellcheck = false } = options
  const isDrilled = pages.some(({ procedure }) => procedure.drills.length > 0)
  const lab = !only || (proofs && isDrilled) ? await options.readLab?.() : undefined
  let routes: Promise<Routes | undefined> | undefined
  let quantities: ReturnType<typeof readQuantities> | undefined
  const facts: HandbookFacts = {
    handbook,
    readText,
    rules,
    faults,
    today: options.today,
    shellcheck,
    whole: only === undefined,
    ...(alerts ? { alerts } : {}),
    ...(scripts ? { scripts } : {}),
    ...(readiness ? { readiness } : {}),
    ...(proofs ? { proofs } : {}),
    ...(lab ? { lab } : {}),
    ...(options.filledIn ? { filledIn: options.filledIn } : {}),
    findPage: remember(async path => {
      const text = inspected.has(path) ? undefined : await readText(path)
      return text === undefined ? inspected.get(path) : readPage(text, path)
    }),
    readQuantities() {
      quantities ??= readQuantities(handbook.file, readText)
      return quantities
    },
    readRoutes() {
      routes ??= readRoutes(facts)
      return routes
    },
  }
  const problems = [
    ...failures,
    ...inspections.flatMap(({ problems }) => problems),
    ...(await Promise.all(RULES.map(rule => checkReferences(rule, pages, facts)))).flat(),
    ...(await checkBeside(options.beside ?? [], facts)),
    ...(facts.whole ? [...rules.problems, ...(await checkWhole(pages, facts))] : []),
  ]
  const result = applyWaivers(
    sortProblems(problems),
    pages,
    options.today,
    rule => failures.length === 0 && (rule.isJudged?.(facts) ?? true),
  )
  return {
    problems: addHints(sortProblems(result.problems)),
    waived: addHints(sortProblems(result.waived)),
    procedures: pages.map(({ procedure }) => procedure),
  }
}

async function checkReferences(rule: Rule, pages: readonly Page[], facts: HandbookFacts): Promise<Problem[]> {
  const { checkReferences } = rule
  if (!checkReferences) return []
  const found = await Promise.all(
    pages.map(async page =>
      (await checkReferences(page, facts)).map(violation => makeProblem(rule, page.path, violation)),
    ),
  )
  return found.flat()
}

/** Checks only links, anchors and images of Markdown files that are not pages. */
async function checkBeside(paths: readonly string[], facts: HandbookFacts): Promise<Problem[]> {
  const read = await Promise.all(paths.map(path => facts.findPage(path)))
  const texts = read.filter(page => page !== undefined)
  const rules = [linkResolves, anchorResolves, imageExists]
  return (await Promise.all(rules.map(rule => checkReferences(rule, texts, facts)))).flat()
}

async function checkWhole(pages: readonly Page[], facts: HandbookFacts): Promise<Problem[]> {
  const alertFacts = { rules: facts.rules, pages, file: facts.handbook.file, every: false }
  const found = await Promise.all(
    RULES.map(async rule =>
      [...((await rule.checkHandbook?.(pages, facts)) ?? []), ...(rule.checkAlerts?.(alertFacts) ?? [])].map(
        ({ file, ...violation }) => makeProblem(rule, file, violation),
      ),
    ),
  )
  return found.flat()
}

/** The names of all alerts; `undefined` without rule files, or when one of them cannot be read. */
function listAlerts({ handbook, rules }: LintOptions): readonly string[] | undefined {
  const isBroken = rules.problems.some(({ severity }) => severity === 'error')
  if (handbook.file.rules.length === 0 || isBroken) return undefined
  return rules.rules.flatMap(rule => (rule.kind === 'alert' ? [rule.alert] : []))
}

/** Asks once for each path. */
function remember<T>(ask: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>()
  return path => {
    const known = answers.get(path) ?? ask(path)
    answers.set(path, known)
    return known
  }
}
