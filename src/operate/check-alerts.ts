import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { Problem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { bareHandbook, readRuleFiles, readRulePaths } from '../handbook/index.ts'
import { checkAlertRules, readTextFrom } from '../lint/index.ts'
import { UsageError } from './errors.ts'
import { openHandbook } from './open/open-handbook.ts'
import type { Ports } from './ports.ts'

/** Which alert rules to compare with which pages. */
export interface CheckAlertsOptions {
  /** Files and folders of rules, from the working folder; when empty, those that `handbook.yaml` names. */
  readonly rules: readonly string[]
  /** A folder of pages, to be taken instead of the handbook around here. */
  readonly pages?: string | undefined
  /** Where the pages of that folder are published. */
  readonly url?: string | undefined
  /** The annotation of alerts that names the page, for that folder; else `runbook_url`. */
  readonly annotation?: string | undefined
  /** Whether promtool, which has to be installed, judges the rules. */
  readonly promtool?: boolean | undefined
}

/** What alert rules and pages say of each other. */
export interface CheckedAlerts {
  readonly handbook: Handbook
  /** Their files are paths from the handbook's root. */
  readonly problems: readonly Problem[]
  /** Why nobody knows whether Prometheus takes the rules. */
  readonly unjudged?: string | undefined
}

/**
 * Compares Prometheus rules with the handbook's pages, both ways. Throws a `UsageError` when there is no handbook, when a path is not
 * there, and for a folder without rules.
 */
export async function checkAlerts(
  { rules, promtool, ...pages }: CheckAlertsOptions,
  { cwd }: Pick<Ports, 'cwd'>,
): Promise<CheckedAlerts> {
  const handbook = await openPages(cwd, pages)
  const { root } = handbook
  const paths = await listRuleFiles(nameRules(rules, handbook, cwd), cwd)
  const given = paths.map(path => relative(root, path).split(sep).join('/'))
  const [read, others] = await Promise.all([readRulePaths(root, given, promtool), readRuleFiles(handbook)])
  const problems = await checkAlertRules({
    handbook,
    readText: readTextFrom(root),
    rules: read,
    others,
    collection: pages.pages !== undefined,
  })
  return { handbook, problems, unjudged: read.unjudged }
}

type PagesOptions = Omit<CheckAlertsOptions, 'rules' | 'promtool'>

/** The handbook around here, or a folder of pages by itself. */
async function openPages(cwd: string, options: PagesOptions): Promise<Handbook> {
  const { pages, annotation } = options
  if (pages === undefined && annotation !== undefined)
    throw new UsageError('--annotation goes with --pages', 'In handbook.yaml the annotation is runbookAnnotation: NAME')
  const handbook = pages === undefined ? await openHandbook(cwd) : await openFolder(resolve(cwd, pages), options, cwd)
  if (handbook) return handbook
  throw new UsageError(
    'There is no handbook here',
    'Go into its folder, or name a folder of pages: --pages FOLDER --url URL',
  )
}

async function openFolder(root: string, { url, annotation }: PagesOptions, cwd: string): Promise<Handbook> {
  if (annotation !== undefined && !/^[a-zA-Z_]\w*$/.test(annotation))
    throw new UsageError(`${annotation} is no name of an annotation`, 'Such as playbook_url')
  if (url !== undefined && !URL.canParse(url))
    throw new UsageError(`${url} is no URL`, 'Such as https://runbooks.example')
  if (!(await stat(root).catch(() => undefined))?.isDirectory())
    throw new UsageError(`There is no folder ${relative(cwd, root)}`)
  return bareHandbook(root, { url, pages: ['.'], runbookAnnotation: annotation })
}

/** The absolute paths of what is to be compared. */
function nameRules(given: readonly string[], { root, file }: Handbook, cwd: string): readonly string[] {
  if (given.includes('')) throw new UsageError('A path is empty', 'Leave it out to check the rules of handbook.yaml')
  const named = given.length > 0 ? given.map(path => resolve(cwd, path)) : file.rules.map(path => join(root, path))
  if (named.length > 0) return named
  throw new UsageError(
    'No rules are named, and handbook.yaml names none',
    'Give files or folders of rules, or write rules: [FOLDER] in handbook.yaml',
  )
}

/** The files of rules; of a folder, every file that holds rules. */
async function listRuleFiles(named: readonly string[], cwd: string): Promise<string[]> {
  const found = await Promise.all(
    named.map(async path => {
      const status = await stat(path).catch(() => undefined)
      const shown = relative(cwd, path)
      if (!status)
        throw new UsageError(
          `There is no file ${shown}`,
          shown.includes('*') ? 'Let the shell expand it: without quotes' : undefined,
        )
      if (!status.isDirectory()) return [path]
      const files = await searchFolder(path)
      if (files.length === 0)
        throw new UsageError(`No file in ${shown || '.'} holds Prometheus rules`, 'They end in .yaml or .yml')
      return files
    }),
  )
  return [...new Set(found.flat())].sort()
}

async function searchFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries
    .filter(entry => entry.isFile() && /\.ya?ml$/.test(entry.name) && !/[\\/]node_modules[\\/]/.test(entry.parentPath))
    .map(entry => join(entry.parentPath, entry.name))
  const texts = await Promise.all(files.map(async file => [file, await readFile(file)] as const))
  return texts.filter(([, text]) => holdsRules(text)).map(([file]) => file)
}

/** A folder may hold other YAML too, and even the definition of the kind PrometheusRule itself. */
function holdsRules(content: Buffer): boolean {
  const text = decode(content)
  if (/^kind: CustomResourceDefinition\b/m.test(text)) return false
  return /^["']?groups["']?:/m.test(text) || /^\s*(?:- )?kind: ["']?PrometheusRule["']?\s*$/m.test(text)
}

/** Rule files may be in UTF-16, too. */
function decode(content: Buffer): string {
  const [first, second] = content
  if (first === 0xff && second === 0xfe) return content.toString('utf16le')
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(content)
  return content.toString().replace(/^\ufeff/, '')
}
