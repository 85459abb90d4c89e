import { stat, writeFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { Problem, WaivedProblem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import {
  bareHandbook,
  findHandbookRoot,
  findPassedOver,
  type LoadOptions,
  loadHandbook,
  readHandbook,
} from '../handbook/index.ts'
import {
  addHints,
  embedScripts,
  type FilledIn,
  type Inspect,
  type ReadText,
  readQuantities,
  readTextFrom,
  writeQuantities,
} from '../lint/index.ts'
import { UsageError } from './errors.ts'
import { findCalls } from './on-call/find-calls.ts'
import { readOnCall } from './on-call/read-on-call.ts'
import type { Variables } from './ports.ts'

/** What a handbook's lab says of itself, and what is wrong with how `handbook.yaml` names it. */
export interface LabFacts extends Pick<LoadOptions, 'faults' | 'mutations' | 'readLab'> {
  readonly problems: readonly Problem[]
}

/** What is to be checked. */
export interface CheckRequest {
  readonly cwd: string
  /** Pages or folders, absolute; without one, all pages of the handbook. */
  readonly paths: readonly string[]
  /** Whether scripts are first written into the fences that show them. */
  readonly fix: boolean
  /** Whether ShellCheck, which has to be installed, looks at bash blocks. */
  readonly shellcheck: boolean
  /** Whether promtool, which has to be installed, judges rule files. */
  readonly promtool?: boolean
  /** Whether what only an owner knows must be filled in; for a command of the rota, its variables. */
  readonly strict?: { readonly env: Variables } | undefined
  readonly inspect: Inspect
  /** Asks the lab that a handbook names. */
  readonly askLab: (handbook: Handbook) => Promise<LabFacts>
  /** Hears what happens meanwhile. */
  readonly tell: (line: string) => void
}

/** What came of it. */
export interface CheckedPages {
  readonly problems: readonly Problem[]
  /** What pages waive. */
  readonly waived: readonly WaivedProblem[]
  /** Relative to the root, with forward slashes. */
  readonly pages: readonly string[]
  /** Why nobody knows whether Prometheus takes the rule files. */
  readonly unjudged?: string | undefined
  /** The handbook, unless there is none or its file cannot be read. */
  readonly handbook?: Handbook
}

/**
 * The folder of the handbook around the paths, or around here; a page outside any handbook is checked from here. Throws a `UsageError` when
 * nothing is named and there is none, and when paths belong to several handbooks.
 */
export async function findCheckRoot(cwd: string, paths: readonly string[]): Promise<string | undefined> {
  const roots = await Promise.all(
    (paths.length === 0 ? [cwd] : paths).map(async path =>
      findHandbookRoot(paths.length === 0 || (await isFolder(path)) ? path : resolve(path, '..')),
    ),
  )
  const [root] = roots
  const other = roots.findIndex(one => one !== root)
  if (other > 0) {
    const show = (index: number) => relative(cwd, paths[index] ?? '') || '.'
    throw new UsageError(
      `${show(0)} and ${show(other)} do not belong to one handbook, and each is checked by its own handbook.yaml`,
      'Check them one after the other',
    )
  }
  if (root !== undefined || paths.length > 0) return root
  throw new UsageError('There is no handbook here', 'Go into its folder, or give the path of a page')
}

/** Checks pages of the handbook in `root`; without one, those that are named, against a handbook that says nothing. */
export async function checkPages(root: string | undefined, request: CheckRequest): Promise<CheckedPages> {
  const opened = root === undefined ? { handbook: await openFolders(request) } : await readHandbook(root)
  if ('problems' in opened) return { problems: addHints(opened.problems), waived: [], pages: [] }
  const { handbook } = opened
  const only = request.paths.length === 0 ? undefined : await choosePages(handbook, request)
  const pages = only ?? handbook.pages
  if (request.fix) await embed(handbook, pages, readTextFrom(handbook.root), request.tell)
  const { problems: problemsOfLab, ...lab } = await request.askLab(handbook)
  const { problems, waived, rules } = await loadHandbook(handbook, {
    ...lab,
    today: new Date().toISOString().slice(0, 10),
    only,
    shellcheck: request.shellcheck,
    promtool: request.promtool ?? false,
    filledIn: request.strict && !only ? await findFilledIn(handbook, request.strict.env) : undefined,
    inspect: request.inspect,
  })
  const passed = only ? await findPassedOver(handbook) : []
  const walked = request.paths.map(path => relative(handbook.root, path).split(sep).join('/'))
  const besideNamed = passed.filter(({ file }) => walked.some(folder => folder === '' || file.startsWith(`${folder}/`)))
  return {
    problems: [...addHints(problemsOfLab), ...besideNamed, ...problems],
    waived,
    pages,
    unjudged: only ? undefined : rules.unjudged,
    ...(root === undefined ? {} : { handbook }),
  }
}

/** Whom somebody could call now. */
async function findFilledIn(handbook: Handbook, env: Variables): Promise<FilledIn> {
  const now = new Date()
  const { state, why, old, nobody, outside } = findCalls(
    await readOnCall(handbook, { env, now }),
    handbook.file.owners,
    now,
  )
  const unknown = state === 'known' ? undefined : (why ?? 'handbook.yaml names no rota')
  return {
    ...(unknown === undefined ? {} : { rotaUnknown: unknown }),
    rotaOld: old ?? false,
    nobody,
    outside: outside.length,
  }
}

/** What is named outside any handbook; a folder stands for its pages. */
async function openFolders({ cwd, paths }: CheckRequest): Promise<Handbook> {
  const named = await Promise.all(paths.map(async path => ((await isFolder(path)) ? [relative(cwd, path) || '.'] : [])))
  return bareHandbook(cwd, { pages: named.flat() })
}

async function choosePages({ root, pages }: Handbook, { cwd, paths }: CheckRequest): Promise<string[]> {
  const chosen = await Promise.all(
    paths.map(async path => {
      const inside = relative(root, path).split(sep).join('/')
      if (await isFolder(path)) {
        const found = pages.filter(page => inside === '' || page.startsWith(`${inside}/`))
        if (found.length > 0) return found
        throw new UsageError(`There is no page in ${relative(cwd, path) || 'this folder'}`, WHAT_IS_A_PAGE)
      }
      if (!(await isFile(path))) throw new UsageError(`There is no page ${relative(cwd, path)}`)
      if (!/\.mdx?$/.test(path)) throw new UsageError(`${relative(cwd, path)} is no page`, WHAT_IS_A_PAGE)
      return [inside]
    }),
  )
  return [...new Set(chosen.flat())].sort()
}

const WHAT_IS_A_PAGE = 'Pages end in .md or .mdx, in small letters, and neither they nor their folders begin with _'

async function embed(
  { root, file }: Handbook,
  pages: readonly string[],
  readText: ReadText,
  tell: (line: string) => void,
): Promise<void> {
  const { quantities = {} } = await readQuantities(file, readText)
  for (const page of pages) {
    const text = await readText(page)
    if (text === undefined) continue
    const embedded = await embedScripts(text, page, readText)
    const written = writeQuantities(embedded, page, quantities)
    if (written === text) continue
    await writeFile(join(root, page), written)
    if (embedded !== text) tell(`${page}: wrote its scripts into their fences`)
    if (written !== embedded) tell(`${page}: wrote the values of its quantities`)
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}
