import type { RuleFile } from '../alerts/index.ts'
import type { Problem, WaivedProblem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import type { LabContent, Proof } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { HandbookFacts, ReadinessFacts } from './facts.ts'
import { type Inspect, inspectPages } from './inspect-pages.ts'
import { openPage, type Page, type ReadText, readPage } from './page.ts'
import { makeProblem, type Rule } from './rule.ts'
import { anchorResolves } from './rules/anchor-resolves.ts'
import { imageExists } from './rules/image-exists.ts'
import { linkResolves } from './rules/link-resolves.ts'
import { RULES } from './rules.ts'
import { addHints, sortProblems } from './sort-problems.ts'
import { applyWaivers } from './waivers.ts'

/** What the lint of a handbook needs to know; everything that other rooms know comes in as data. */
export interface LintOptions {
  readonly handbook: Handbook
  readonly readText: ReadText
  /** What the rule files that `handbook.yaml` names say: `readRuleFiles(handbook)`. */
  readonly rules: RuleFile
  /** The names of the faults that drills may name; any, when nobody can know. */
  readonly faults: readonly string[] | undefined
  /** The scripts that pages show: `listScripts(handbook)`; without them none is said to be shown nowhere. */
  readonly scripts?: readonly string[]
  /** What assessment pages are held against; without it nothing is said of them. */
  readonly readiness?: ReadinessFacts
  /** The newest proof of each drill; without them nothing is said about proofs. */
  readonly proofs?: readonly Proof[]
  /** What the lab says of its faults and of what it deploys; asked when it matters. Without it only pages can change what was proven. */
  readonly readLab?: () => Promise<LabContent | undefined>
  /** Paths of Markdown that is no page, such as the README: only its links and images are checked. */
  readonly beside?: readonly string[]
  /** ISO date against which reviews are judged. */
  readonly today: string
  /** Paths of the pages to check; without it, all of them, and what rule files say of them. */
  readonly only?: readonly string[]
  /** Whether ShellCheck, which has to be installed, looks at bash blocks. */
  readonly shellcheck?: boolean
  /** How pages are inspected; on this thread, all of them, when not said. */
  readonly inspect?: Inspect
}

/** What was found, and the pages as programs, in the order of their paths. */
export interface LintResult {
  /** Without doubles, sorted by file, line, column and rule. */
  readonly problems: readonly Problem[]
  /** What pages waive, in the same order. */
  readonly waived: readonly WaivedProblem[]
  readonly procedures: readonly Procedure[]
}

/** Checks the pages of a handbook: structure, types, shell, and what they say of each other. Never throws for what an author wrote. */
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
  const facts: HandbookFacts = {
    handbook,
    readText,
    rules,
    faults,
    shellcheck,
    whole: only === undefined,
    ...(alerts ? { alerts } : {}),
    ...(scripts ? { scripts } : {}),
    ...(readiness ? { readiness } : {}),
    ...(proofs ? { proofs } : {}),
    ...(lab ? { lab } : {}),
    findPage: remember(async path => {
      const text = inspected.has(path) ? undefined : await readText(path)
      return text === undefined ? inspected.get(path) : readPage(text, path)
    }),
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

/** Of Markdown that is no page, only where it leads: code hosts show it as it is. */
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

/** The names of the alerts that there are; `undefined` when nobody can know, for want of rule files or because one cannot be read. */
function listAlerts({ handbook, rules }: LintOptions): readonly string[] | undefined {
  if (handbook.file.rules.length === 0 || rules.problems.length > 0) return undefined
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
