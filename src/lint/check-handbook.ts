import type { RuleFile } from '../alerts/index.ts'
import type { Problem, WaivedProblem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import type { LabContent, Proof } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { type Inspect, inspectPages } from './inspect-pages.ts'
import { openPage, type Page, readPage } from './page.ts'
import type { ReadText } from './read-text.ts'
import { checkRuleAlerts } from './references/check-alerts.ts'
import { checkEnvironments } from './references/check-environments.ts'
import { checkFaults } from './references/check-faults.ts'
import { checkLinks } from './references/check-links.ts'
import { checkPageIds } from './references/check-page-ids.ts'
import { checkProofSources, checkProofs } from './references/check-proofs.ts'
import { checkReadiness, type ReadinessFacts } from './references/check-readiness.ts'
import { checkScripts } from './references/check-scripts.ts'
import { checkUnusedScripts } from './references/check-unused-scripts.ts'
import type { RuleId } from './rules.ts'
import { addHints, sortProblems } from './sort-problems.ts'
import { applyWaivers } from './waivers/apply-waivers.ts'

/** What a check of a handbook needs to know; everything that other rooms know comes in as data. */
export interface CheckOptions {
  readonly handbook: Handbook
  readonly readText: ReadText
  /** What the rule files that `handbook.yaml` names say: `readRuleFiles(handbook)`. */
  readonly rules: RuleFile
  /** The names of the faults that drills may name. */
  readonly faults: readonly string[]
  /** The scripts that pages show: `listScripts(handbook)`; without them none is said to be shown nowhere. */
  readonly scripts?: readonly string[]
  /** What assessment pages are held against; without it nothing is said of them. */
  readonly readiness?: ReadinessFacts
  /** The newest proof of each drill; without them nothing is said about proofs. */
  readonly proofs?: readonly Proof[]
  /** What the lab says of its faults and of what it deploys; asked when it matters. Without it only pages can change what was proven. */
  readonly readLab?: () => Promise<LabContent | undefined>
  /** ISO date against which reviews are judged. */
  readonly today: string
  /** Paths of the pages to check; without it, all of them, and what rule files say of them. */
  readonly only?: readonly string[]
  /** Whether ShellCheck, which has to be installed, looks at bash blocks. */
  readonly shellcheck?: boolean
  /** How pages are inspected; on this thread, all of them, when not said. */
  readonly inspect?: Inspect
}

/** What a check found, and the pages as programs, in the order of their paths. */
export interface CheckResult {
  /** Without doubles, sorted by file, line, column and rule. */
  readonly problems: readonly Problem[]
  /** What pages waive, in the same order. */
  readonly waived: readonly WaivedProblem[]
  readonly procedures: readonly Procedure[]
}

/** Checks the pages of a handbook: structure, types, shell, and what they say of each other. Never throws for what an author wrote. */
export async function checkHandbook(options: CheckOptions): Promise<CheckResult> {
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
  const pageAt = remember(async (path: string) => {
    const text = inspected.has(path) ? undefined : await readText(path)
    return text === undefined ? inspected.get(path) : readPage(text, path)
  })
  const exists = async (path: string) => (await readText(path)) !== undefined
  const problems = [
    ...failures,
    ...inspections.flatMap(({ problems }) => problems),
    ...(await gather(pages, page => checkScripts(page, readText))),
    ...(await gather(pages, page => checkLinks(page, { page: pageAt, exists }))),
  ]
  const { proofs, readiness } = options
  if (readiness) problems.push(...pages.flatMap(page => checkReadiness(page, readiness)))
  const isDrilled = pages.some(({ procedure }) => procedure.drills.length > 0)
  const lab = !only || (proofs && isDrilled) ? await options.readLab?.() : undefined
  if (proofs) problems.push(...(await gather(pages, page => checkProofs(page, { readText, rules, proofs, lab }))))
  if (!only) {
    problems.push(
      ...rules.problems,
      ...checkRuleAlerts(rules, pages, handbook.file),
      ...checkEnvironments(handbook.file, (await readText('handbook.yaml')) ?? ''),
      ...checkPageIds(pages),
      ...(await checkFaults(options.faults, pages, readText)),
      ...checkUnusedScripts(options.scripts ?? [], pages),
      ...checkProofSources(lab?.problems ?? []),
    )
  }
  const result = applyWaivers(
    sortProblems(problems),
    pages,
    options.today,
    rule => failures.length === 0 && isJudged(rule, options),
  )
  return {
    problems: addHints(sortProblems(result.problems)),
    waived: addHints(sortProblems(result.waived)),
    procedures: pages.map(({ procedure }) => procedure),
  }
}

/** Whether anybody looks if a rule holds, with what this check knows. */
function isJudged(rule: RuleId, options: CheckOptions): boolean {
  switch (rule) {
    case 'alert-exists':
      return listAlerts(options) !== undefined
    case 'proof-current':
      return options.proofs !== undefined
    case 'shellcheck':
      return options.shellcheck === true
    case 'unique-page-ids':
      return options.only === undefined
    default:
      return true
  }
}

/** The names of the alerts that there are; `undefined` when nobody can know, for want of rule files or because one cannot be read. */
function listAlerts({ handbook, rules }: CheckOptions): readonly string[] | undefined {
  if (handbook.file.rules.length === 0 || rules.problems.length > 0) return undefined
  return rules.rules.flatMap(rule => (rule.kind === 'alert' ? [rule.alert] : []))
}

async function gather(pages: readonly Page[], check: (page: Page) => Promise<Problem[]>): Promise<Problem[]> {
  return (await Promise.all(pages.map(check))).flat()
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
