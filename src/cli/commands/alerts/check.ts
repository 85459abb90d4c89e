import { readFileSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { defineCommand } from 'citty'
import type { Handbook } from '../../../environments/index.ts'
import { bareHandbook, readRuleFiles, readRulePaths } from '../../../handbook/index.ts'
import { checkAlertRules, readTextFrom } from '../../../lint/index.ts'
import { openHandbook, UsageError } from '../../../operate/index.ts'
import { formatProblemsJson, formatProblemsText } from '../../../report/index.ts'
import { print } from '../../print.ts'

/** `handbook alerts check`: any Prometheus rules against the handbook's pages, both ways. */
export const checkAlerts = defineCommand({
  meta: {
    name: 'check',
    description: `Hold Prometheus rules against the handbook's pages: every alert has a page, its runbook_url leads there, and every alert
that a page names is there. Reads rule files, what a mixin makes, and manifests of the kind PrometheusRule; of a folder, every
YAML file that holds rules, however deep.

  handbook alerts check
  handbook alerts check static/monitoring
  handbook alerts check manifests/*-prometheusRule.yaml
  handbook alerts check rules.yaml --pages runbooks --url https://runbooks.example
  handbook alerts check rules.yaml --json | jq -r '.problems[] | "\\(.file):\\(.line) \\(.message)"'

Exit code: 0 fine, warnings included; 1 errors; 2 wrong usage.`,
  },
  args: {
    rules: {
      type: 'positional',
      required: false,
      description: 'Files and folders of rules; those that handbook.yaml names when not said',
    },
    pages: { type: 'string', description: 'A folder of pages, when there is no handbook.yaml', valueHint: 'FOLDER' },
    url: { type: 'string', description: 'Where the pages of that folder are published', valueHint: 'URL' },
    annotation: {
      type: 'string',
      description: 'The annotation of alerts that names the page, there; else runbook_url',
      valueHint: 'NAME',
    },
    json: { type: 'boolean', description: 'Problems as JSON on stdout' },
  },
  async run({ args }) {
    const cwd = process.cwd()
    const handbook = await open(cwd, args)
    const { root } = handbook
    if (args._.includes('')) throw new UsageError('A path is empty', 'Leave it out to check the rules of handbook.yaml')
    const named =
      args._.length > 0 ? args._.map(path => resolve(cwd, path)) : handbook.file.rules.map(path => join(root, path))
    if (named.length === 0)
      throw new UsageError(
        'No rules are named, and handbook.yaml names none',
        'Give files or folders of rules, or write rules: [FOLDER] in handbook.yaml',
      )
    const paths = await listRulePaths(named)
    const rules = await readRulePaths(
      root,
      paths.map(path => relative(root, path).split(sep).join('/')),
    )
    const others = await readRuleFiles(handbook)
    const problems = await checkAlertRules({
      handbook,
      readText: readTextFrom(root),
      rules,
      others,
      collection: args.pages !== undefined,
    })
    if (args.json) print(formatProblemsJson(problems))
    else {
      const shown = problems.map(problem => ({ ...problem, file: relative(cwd, join(root, problem.file)) }))
      const readText = (file: string) => readFileSync(join(cwd, file), 'utf8')
      print(formatProblemsText(shown, { readText, pages: handbook.pages.length }))
    }
    return problems.some(({ severity }) => severity === 'error') ? 1 : 0
  },
})

/** The handbook around here, or a folder of pages by itself. */
async function open(cwd: string, { pages, ...named }: Collection): Promise<Handbook> {
  if (pages === undefined && named.annotation !== undefined)
    throw new UsageError('--annotation goes with --pages', 'In handbook.yaml the annotation is runbookAnnotation: NAME')
  const handbook = pages === undefined ? await openHandbook(cwd) : await openFolder(resolve(cwd, pages), named)
  if (handbook) return handbook
  throw new UsageError(
    'There is no handbook here',
    'Go into its folder, or name a folder of pages: --pages FOLDER --url URL',
  )
}

/** A folder of pages, when there is no `handbook.yaml`. */
interface Collection {
  readonly pages?: string | undefined
  readonly url?: string | undefined
  readonly annotation?: string | undefined
}

async function openFolder(root: string, { url, annotation }: Collection): Promise<Handbook> {
  if (annotation !== undefined && !/^[a-zA-Z_]\w*$/.test(annotation))
    throw new UsageError(`${annotation} is no name of an annotation`, 'Such as playbook_url')
  if (url !== undefined && !URL.canParse(url))
    throw new UsageError(`${url} is no URL`, 'Such as https://runbooks.example')
  if (!(await stat(root).catch(() => undefined))?.isDirectory()) {
    throw new UsageError(`There is no folder ${relative(process.cwd(), root)}`)
  }
  return bareHandbook(root, { url, pages: ['.'], runbookAnnotation: annotation })
}

/** Throws a `UsageError` for what is not there, and for a folder without any rules. */
async function listRulePaths(given: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    given.map(async path => {
      const status = await stat(path).catch(() => undefined)
      const shown = relative(process.cwd(), path)
      if (!status)
        throw new UsageError(
          `There is no file ${shown}`,
          shown.includes('*') ? 'Let the shell expand it: without quotes' : undefined,
        )
      if (!status.isDirectory()) return [path]
      const rules = await listRules(path)
      if (rules.length === 0)
        throw new UsageError(`No file in ${shown || '.'} holds Prometheus rules`, 'They end in .yaml or .yml')
      return rules
    }),
  )
  return [...new Set(found.flat())].sort()
}

async function listRules(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries
    .filter(entry => entry.isFile() && /\.ya?ml$/.test(entry.name) && !/[\\/]node_modules[\\/]/.test(entry.parentPath))
    .map(entry => join(entry.parentPath, entry.name))
  const texts = await Promise.all(files.map(async file => [file, await readFile(file, 'utf8')] as const))
  return texts.filter(([, text]) => holdsRules(text)).map(([file]) => file)
}

/** Other YAML may stand in the same folder, the definition of the kind itself included. */
function holdsRules(text: string): boolean {
  if (/^kind: CustomResourceDefinition\b/m.test(text)) return false
  return /^["']?groups["']?:/m.test(text) || /^\s*(?:- )?kind: ["']?PrometheusRule["']?\s*$/m.test(text)
}
