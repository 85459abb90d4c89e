import { readFileSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { defineCommand } from 'citty'
import pc from 'picocolors'
import {
  findHandbookRoot,
  type Handbook,
  type HandbookResult,
  handbookFileSchema,
  type Problem,
  readHandbook,
} from '../../base/index.ts'
import {
  addHints,
  checkHandbook,
  embedScripts,
  RULES,
  readProofs,
  readRuleFiles,
  readTextFrom,
} from '../../check/index.ts'
import { breakages, faults } from '../../lab/index.ts'
import { AREAS } from '../../readiness/index.ts'
import {
  formatProblemsJson,
  formatProblemsJunit,
  formatProblemsMarkdown,
  formatProblemsSarif,
  formatProblemsText,
  type ReportedRule,
} from '../../report/index.ts'
import { chooseFormat } from '../choose-format.ts'
import { UsageError } from '../usage-error.ts'

/** `handbook check`: validates pages. */
export const check = defineCommand({
  meta: {
    name: 'check',
    description: `Validate pages: structure, types, shell, links, and what pages, alerts and drills say of each other.

  handbook check
  handbook check runbooks/storage-filling.md
  handbook check --fix
  handbook check --json | jq -r '.problems[] | "\\(.file):\\(.line) \\(.message)"'
  handbook check --format sarif > handbook.sarif
  handbook check --format junit > handbook.xml
  handbook check --format markdown >> "$GITHUB_STEP_SUMMARY"

Exit code: 0 fine, warnings included; 1 errors; 2 wrong usage.`,
  },
  args: {
    paths: {
      type: 'positional',
      required: false,
      description: 'Pages or folders; all pages of the handbook when not said',
    },
    json: { type: 'boolean', description: 'Problems as JSON on stdout' },
    format: {
      type: 'string',
      description: 'text, json, sarif for code hosts, junit for CI servers, markdown for comments',
      valueHint: 'FORMAT',
    },
    fix: { type: 'boolean', description: 'First write scripts into the fences that show them' },
  },
  async run({ args }) {
    const format = chooseFormat(args, ['sarif', 'junit', 'markdown'])
    const cwd = process.cwd()
    const paths = args._.map(path => resolve(cwd, path))
    const root = await findRoot(cwd, paths)
    const opened = await open(cwd, root)
    const { problems, pages } =
      'problems' in opened
        ? { problems: addHints(opened.problems), pages: [] }
        : await inspect(opened.handbook, paths, Boolean(args.fix))
    const rules = listRules(root !== undefined && 'handbook' in opened ? opened.handbook.file.url : undefined)
    const tell = (): string => {
      switch (format) {
        case 'json':
          return formatProblemsJson(problems)
        case 'sarif':
          return formatProblemsSarif(problems, rules)
        case 'junit':
          return formatProblemsJunit(problems, pages)
        case 'markdown':
          return formatProblemsMarkdown(problems, pages.length, rules)
        case 'text': {
          // Where they are from here, so that a terminal can open them.
          const shown = problems.map(problem => ({ ...problem, file: relative(cwd, join(root ?? cwd, problem.file)) }))
          const readText = (file: string) => readOrNothing(join(cwd, file))
          return formatProblemsText(shown, { readText, pages: pages.length })
        }
        default:
          return format satisfies never
      }
    }
    process.stdout.write(tell())
    return problems.some(({ severity }) => severity === 'error') ? 1 : 0
  },
})

/** The folder of the handbook around the first path, or around here. Throws a `UsageError` when nothing is named and there is none. */
async function findRoot(cwd: string, [first]: readonly string[]): Promise<string | undefined> {
  const folder = first === undefined ? cwd : (await isFolder(first)) ? first : resolve(first, '..')
  const root = await findHandbookRoot(folder)
  if (root !== undefined || first !== undefined) return root
  throw new UsageError('There is no handbook here', 'Go into its folder, or give the path of a page')
}

/** The handbook in a folder; without one, a handbook that says nothing. */
async function open(cwd: string, root: string | undefined): Promise<HandbookResult> {
  if (root !== undefined) return readHandbook(root)
  const file = handbookFileSchema.parse({ url: 'https://handbook.invalid' })
  return { handbook: { root: cwd, file, pages: [] } }
}

async function inspect(
  handbook: Handbook,
  paths: readonly string[],
  fix: boolean,
): Promise<{ problems: readonly Problem[]; pages: readonly string[] }> {
  const { root } = handbook
  const only = paths.length === 0 ? undefined : await choosePages(handbook, paths)
  const readText = readTextFrom(root)
  const pages = only ?? handbook.pages
  if (fix) await embed(handbook, pages)
  if (pages.length > 200) process.stderr.write(pc.dim(`Checking ${pages.length} pages …\n`))
  const [rules, { proofs, problems: wrong }] = await Promise.all([readRuleFiles(handbook), readProofs(handbook)])
  const { problems } = await checkHandbook({
    handbook,
    readText,
    rules,
    faults: faults.map(({ name }) => name),
    readiness: { areas: AREAS, breakages: [...faults, ...breakages].map(({ name }) => name) },
    proofs,
    today: new Date().toISOString().slice(0, 10),
    ...(only ? { only } : {}),
  })
  return { problems: only ? problems : [...wrong, ...problems], pages }
}

async function choosePages({ root, pages }: Handbook, paths: readonly string[]): Promise<string[]> {
  const chosen = await Promise.all(
    paths.map(async path => {
      const inside = relative(root, path).split(sep).join('/')
      if (await isFolder(path)) return pages.filter(page => inside === '' || page.startsWith(`${inside}/`))
      if (!/\.mdx?$/.test(path) || readOrNothing(path) === undefined)
        throw new UsageError(`There is no page ${relative(process.cwd(), path)}`)
      return [inside]
    }),
  )
  return [...new Set(chosen.flat())].sort()
}

async function embed({ root }: Handbook, pages: readonly string[]): Promise<void> {
  const readText = readTextFrom(root)
  for (const page of pages) {
    const text = await readText(page)
    if (text === undefined) continue
    const embedded = await embedScripts(text, page, readText)
    if (embedded === text) continue
    await writeFile(join(root, page), embedded)
    process.stderr.write(`${page}: wrote its scripts into their fences\n`)
  }
}

/** The rules, each with its entry in the handbook as published at `url`. */
function listRules(url: string | undefined): ReportedRule[] {
  return Object.entries(RULES).map(([id, rule]) => ({
    id,
    ...rule,
    ...(url === undefined ? {} : { url: `${url.replace(/\/$/, '')}/docs/contributing/rules#${id}` }),
  }))
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
