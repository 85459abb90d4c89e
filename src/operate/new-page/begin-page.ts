import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { countOf } from '../../base/index.ts'
import type { Handbook } from '../../environments/index.ts'
import { readRuleFiles } from '../../handbook/index.ts'
import { openCatalogue } from '../assess/assess-deployment.ts'
import { demandLab } from '../demand-lab.ts'
import { guess, UsageError } from '../errors.ts'
import { findRulesFolder, readProcedures } from '../open/open-handbook.ts'
import type { Ports } from '../ports.ts'
import { writeIncident } from './incident.ts'
import { type Draft, writeAssessment, writeGuide, writeRunbook } from './templates.ts'

const WRITERS = { runbook: writeRunbook, check: writeAssessment, guide: writeGuide, incident: writeRunbook }
/** Where a page of each kind goes unless said, if the handbook has such a folder of pages. */
const FOLDERS = { runbook: 'runbooks', check: 'docs/readiness', guide: 'docs', incident: 'runbooks' }

/** The kinds of pages that can be begun. */
export type NewPageKind = keyof typeof WRITERS

/** What is said of a page that is to be begun. */
interface NewPage {
  /** Its id, or the area of an assessment page. */
  readonly name: string
  readonly alert?: string | undefined
  /** An owner in `handbook.yaml`. */
  readonly owner?: string | undefined
  readonly title?: string | undefined
  /** A folder of pages, from where it is called. */
  readonly dir?: string | undefined
}

/** A page that was begun. Paths are relative to where it was called from. */
interface BegunPage {
  readonly path: string
  readonly id: string
  /** All that was written. */
  readonly files: readonly string[]
  /** What its author does next, in order. */
  readonly next: readonly string[]
}

/** Begins a page; nothing is written over. Throws a `UsageError` for what cannot be, and nothing was written then. */
export async function beginPage(
  kind: NewPageKind,
  given: NewPage,
  handbook: Handbook,
  { cwd }: Pick<Ports, 'cwd'>,
): Promise<BegunPage> {
  const catalogue = kind === 'check' ? await openCatalogue(handbook) : undefined
  const alert = kind === 'incident' ? await chooseAlert(handbook, given) : given.alert
  const planned = await plan(handbook, { ...given, alert })
  const draft: Draft = {
    ...planned,
    ...(catalogue ? { areas: catalogue.areas } : {}),
    ...(kind === 'incident' ? { fault: planned.name } : {}),
  }
  const folder = chooseFolder(handbook, kind, given.dir, cwd)
  const path = `${folder === '' ? '' : `${folder}/`}${draft.name}.md`
  const text = WRITERS[kind](draft)
  const show = (file: string) => relative(cwd, join(handbook.root, file))
  const incident = kind === 'incident' ? await openIncident(handbook, draft, path) : { files: [], next: [] }
  const files = [...incident.files, { path, text }]
  for (const file of files)
    if (existsSync(join(handbook.root, file.path))) throw unwritable(show(file.path), 'file already exists (EEXIST)')
  for (const file of files) await write(join(handbook.root, file.path), file.text, show(file.path))
  const next = [...incident.next, ...listNext(kind, { path, shown: show(path), text }, draft)]
  return { path: show(path), id: draft.name, files: files.map(file => show(file.path)), next }
}

/** What is known of the page. Throws a `UsageError` for what cannot be. */
async function plan(handbook: Handbook, given: NewPage): Promise<Draft> {
  const { file } = handbook
  const { name, owner, alert } = given
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) {
    const id = name
      .replace(/\.mdx?$/, '')
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join('-')
    throw new UsageError(
      `“${name}” is no id`,
      `Lower-case words joined by hyphens${id ? `: ${id}` : ', such as queue-stuck'}`,
    )
  }
  const pages = await readProcedures(handbook)
  const taken = pages.find(({ id }) => id.toLowerCase() === name)
  if (taken)
    throw new UsageError(`There is a page ${name} already: ${taken.path}`, 'Choose another name, or edit that page')
  const owners = Object.keys(file.owners)
  if (owner !== undefined && !owners.includes(owner)) {
    throw new UsageError(`handbook.yaml knows no owner ${owner}`, guess(owner, owners))
  }
  if (alert !== undefined && !/^[A-Z]\w*$/.test(alert)) {
    throw new UsageError(`“${alert}” is no alert's name`, 'CamelCase, as in the rule file: QueueStuck')
  }
  const answering = pages.find(({ alerts }) => alerts.includes(alert ?? ''))
  if (answering)
    throw new UsageError(
      `${answering.path} answers the alert ${alert} already`,
      'Take it out there first, or edit that page',
    )
  const { rules } = alert === undefined ? { rules: [] } : await readRuleFiles(handbook)
  const rule = rules.find(rule => rule.kind === 'alert' && rule.alert === alert)
  const known = rule?.kind === 'alert' ? { rule } : {}
  const title = given.title ?? known.rule?.annotations.summary ?? readable(name)
  return { name, title, file, ...(owner ? { owner } : {}), ...(alert ? { alert } : {}), ...known }
}

/** The folder for a page, relative to the handbook's root. Throws a `UsageError` for one in which nobody would look for pages. */
function chooseFolder({ root, file }: Handbook, kind: NewPageKind, dir: string | undefined, cwd: string): string {
  const isInside = (folder: string) => file.pages.some(pages => folder === pages || folder.startsWith(`${pages}/`))
  if (dir === undefined) return isInside(FOLDERS[kind]) ? FOLDERS[kind] : (file.pages[0] ?? '')
  const folder = relative(root, resolve(cwd, dir)).split(sep).join('/')
  if (isInside(folder)) return folder
  throw new UsageError(
    `${dir} is no folder of pages of this handbook`,
    `handbook.yaml says: pages: [${file.pages.join(', ')}]`,
  )
}

/** The alert that was named; else one after the page, as the others here are called. */
async function chooseAlert(handbook: Handbook, given: NewPage): Promise<string> {
  const { rules } = await readRuleFiles(handbook)
  const others = rules.flatMap(rule => (rule.kind === 'alert' ? [rule.alert] : []))
  return given.alert ?? nameAlert(given.name, others)
}

/** What an incident has beside its page. Throws a `UsageError` where there is no lab, or no folder of rules. */
async function openIncident(handbook: Handbook, draft: Draft, page: string) {
  const lab = await demandLab(handbook)
  if (draft.rule)
    throw new UsageError(`There is a rule of the alert ${draft.alert} already`, 'Name another: --alert NAME')
  const rules = relative(handbook.root, await findRulesFolder(handbook))
    .split(sep)
    .join('/')
  return writeIncident(draft, { lab, rules, page })
}

function unwritable(shown: string, reason: string): UsageError {
  return new UsageError(`${shown} cannot be written: ${reason}`, 'Nothing was changed')
}

async function write(path: string, text: string, shown: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^(\w+): ([^,]*),.*$/, '$2 ($1)') : String(error)
    throw unwritable(shown, reason)
  }
}

function readable(name: string): string {
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What the author of a new page does next, in order. `path` is the page's in the handbook, `shown` the same from here. */
function listNext(
  kind: 'runbook' | 'check' | 'guide' | 'incident',
  { path, shown, text }: { readonly path: string; readonly shown: string; readonly text: string },
  draft: Draft,
): string[] {
  const count = text.match(/\bTODO\b/g)?.length ?? 0
  return [
    `Replace the TODO in ${countOf(count, 'place')}, and the example steps: handbook check ${shown} lists what is left`,
    ...(kind === 'runbook' ? listForRunbook(path, draft) : []),
    ...(kind === 'incident' ? listForIncident(draft) : []),
    ...(kind === 'check' ? ['Name the fault that must make the check fail, behind its block: breaks=FAULT'] : []),
    `Try it: handbook run ${draft.name} --dry-run${sayWhere(draft.file)}`,
  ]
}

/** The option that makes a command work whether a lab runs or not: an environment that is there without one. */
function sayWhere({ environments }: Draft['file']): string {
  const found = Object.entries(environments).find(([, { lab }]) => !lab)
  return found === undefined ? '' : ` --env ${found[0]}`
}

function listForRunbook(path: string, { name, alert, owner, rule, file }: Draft): string[] {
  const url = `${file.url.replace(/\/$/, '')}/${path.replace(/\.md$/, '')}`
  const alerts = `alert ${alert} to ${file.rules.join(' or ') || 'a rule file that handbook.yaml names'}`
  return [
    ...(alert && !rule ? [`Add the ${alerts}, with ${file.runbookAnnotation}: ${url}`] : []),
    ...(rule && rule.annotations[file.runbookAnnotation] !== url
      ? [`Let the alert ${alert} lead here: ${file.runbookAnnotation}: ${url}`]
      : []),
    ...(owner ? [] : [`Name its owner: one of ${Object.keys(file.owners).join(', ') || 'those in handbook.yaml'}`]),
    `Name a fault under drills:, and prove the page: handbook drill ${name}`,
  ]
}

function listForIncident({ name, owner, file }: Draft): string[] {
  return [
    ...(owner ? [] : [`Name its owner: one of ${Object.keys(file.owners).join(', ') || 'those in handbook.yaml'}`]),
    `Prove the page: handbook drill ${name}`,
  ]
}

/** An alert's name for a page, with the words that all alerts here begin with: `queue-stuck` is `ShopQueueStuck` beside `Shop…`. */
function nameAlert(page: string, others: readonly string[]): string {
  const words = others.map(other => other.match(/[A-Z][a-z0-9]*/g) ?? [])
  const [first = []] = words
  let shared = 0
  while (words.length > 1 && words.every(of => of.length > shared + 1 && of[shared] === first[shared])) shared += 1
  const own = page.split('-').map(word => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
  return [...first.slice(0, shared), ...own].join('')
}
