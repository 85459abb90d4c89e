import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { defineCommand } from 'citty'
import { countOf, findProgram } from '../../base/index.ts'
import {
  type Compiler,
  fileStore,
  type Inspect,
  inspectInThreads,
  inspectWith,
  openCompiler,
  type RememberedInspections,
  RULES,
  readToolVersion,
  rememberInspections,
} from '../../lint/index.ts'
import { askLab, type CheckedPages, checkPages, findCheckRoot, UsageError } from '../../operate/index.ts'
import { checkFormats, type ReportedRule } from '../../report/index.ts'
import { chooseFormat, formatOption } from '../choose-format.ts'
import { explainRule } from '../explain-rule.ts'
import { complain, paint, print } from '../print.ts'
import { watchPages } from '../watch-pages.ts'

/** `handbook check`: validates pages. */
export const check = defineCommand({
  meta: {
    name: 'check',
    description: `Validate pages: structure, types, shell, links, and whether pages, alerts and drills agree.

  handbook check
  handbook check runbooks/disk-filling.md
  handbook check --fix
  handbook check --explain way-back
  handbook check --watch
  handbook check --json | jq -r '.problems[] | "\\(.file):\\(.line) \\(.message)"'
  handbook check --format sarif > handbook.sarif
  handbook check --format junit > handbook.xml
  handbook check --format markdown >> "$GITHUB_STEP_SUMMARY"

Exit code: 0 fine, warnings included; 1 errors, or there was no page to check; 2 wrong usage.`,
  },
  args: {
    paths: {
      type: 'positional',
      required: false,
      description: 'Pages or folders; without them, all pages of the handbook',
    },
    json: { type: 'boolean', description: 'Problems as JSON on stdout' },
    format: formatOption(checkFormats),
    explain: { type: 'string', description: 'Show what a rule demands, with examples', valueHint: 'RULE' },
    fix: {
      type: 'boolean',
      description: 'First write scripts into the fences that show them, and quantities behind which their ids stand',
    },
    strict: { type: 'boolean', description: 'Also list what an owner must still fill in before a first deployment' },
    watch: { type: 'boolean', description: 'Check again whenever something changes' },
    cache: {
      type: 'boolean',
      default: true,
      description: 'Skip pages that did not change',
      negativeDescription: 'Check every page again',
    },
    shellcheck: {
      type: 'boolean',
      default: true,
      description: 'Let ShellCheck see bash blocks where it is installed',
      negativeDescription: 'Leave ShellCheck out',
    },
  },
  async run({ args }) {
    const format = chooseFormat(args, checkFormats, 'text')
    if (args.explain !== undefined) {
      print(await explainRule(args.explain, process.stdout.columns))
      return 0
    }
    const cwd = process.cwd()
    if (args._.includes('')) throw new UsageError('A path is empty', 'Leave it out to check every page')
    const paths = args._.map(path => resolve(cwd, path))
    const root = await findCheckRoot(cwd, paths)
    const progress = (line: string) => complain(paint.dim(`${line}\n`))
    if (args.watch && root === undefined) throw new UsageError('There is no handbook to watch here')
    const compiler = args.watch && root !== undefined ? openCompiler(root) : undefined
    const inspect = compiler ? inspectOftenWith(compiler) : inspectInThreads
    const remembered = await remember(root, args.cache, announce(inspect, progress))
    const shellcheck = args.shellcheck && findProgram(['shellcheck'], process.env.PATH) !== undefined
    const promtool = findProgram(['promtool'], process.env.PATH) !== undefined
    const unseen = args.shellcheck && !shellcheck ? [NO_SHELLCHECK] : []
    if (format === 'text') for (const text of unseen) progress(text)
    const request = {
      cwd,
      paths,
      fix: Boolean(args.fix),
      shellcheck,
      promtool,
      strict: args.strict ? { env: process.env } : undefined,
      tell: progress,
      askLab,
    }
    const show = (checked: CheckedPages) => {
      const { unjudged } = checked
      if (unjudged !== undefined && !unseen.includes(unjudged)) {
        unseen.push(unjudged)
        if (format === 'text') progress(unjudged)
      }
      report(checked, { cwd, root: root ?? cwd, format, unseen })
    }
    if (compiler && root !== undefined) {
      await keepWatch(root, request, remembered, show)
      compiler.close()
      return 0
    }
    const checked = await checkPages(root, { ...request, inspect: remembered.inspect })
    await remembered.save()
    show(checked)
    return failed(checked) ? 1 : 0
  },
})

const NO_SHELLCHECK = 'ShellCheck is not installed: bash blocks are checked without it'

/** An option of V8: it optimizes code later. Otherwise it takes time from the threads for code that soon no longer runs. */
const COMPILE_LATER = '--interrupt-budget=250000'

/** Inspections whose results are kept, so that a page without changes is not inspected again. */
async function remember(root: string | undefined, wanted: boolean, inspect: Inspect): Promise<RememberedInspections> {
  if (root === undefined || !wanted) return { inspect, save: async () => {} }
  const store = fileStore(join(root, '.handbook', 'cache', 'check.json'))
  return rememberInspections(inspect, store, await readToolVersion(__filename))
}

/** Gives a few pages to a compiler that is already open, and many pages to threads. */
function inspectOftenWith(compiler: Compiler): Inspect {
  return (sources, facts) =>
    sources.length > 50 ? inspectInThreads(sources, facts) : inspectWith(compiler, sources, facts)
}

/** Says so before an inspection that takes long, and prepares this process for it. */
function announce(inspect: Inspect, tell: (line: string) => void): Inspect {
  return (sources, facts) => {
    if (sources.length > 200) {
      tell(`Checking ${countOf(sources.length, 'page')} …`)
      setFlagsFromString(COMPILE_LATER)
    }
    return inspect(sources, facts)
  }
}

/** Checks again whenever a file of the handbook changes, until Ctrl-C. */
async function keepWatch(
  root: string,
  request: Omit<Parameters<typeof checkPages>[1], 'inspect'>,
  remembered: RememberedInspections,
  show: (checked: CheckedPages) => void,
): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  await watchPages(
    root,
    async () => {
      const start = performance.now()
      const checked = await checkPages(root, { ...request, inspect: remembered.inspect })
      show(checked)
      const time = new Date().toTimeString().slice(0, 8)
      request.tell(`${time}, after ${Math.round(performance.now() - start)} ms; waiting for changes, Ctrl-C ends`)
    },
    stop.signal,
  )
  await remembered.save()
}

function report(
  { problems, waived, pages, handbook }: CheckedPages,
  to: { cwd: string; root: string; format: keyof typeof checkFormats; unseen: readonly string[] },
): void {
  const { cwd, root, format, unseen } = to
  const report = {
    problems,
    waived,
    pages,
    rules: listRules(handbook?.file.url),
    notChecked: [...unseen, ...(pages.length === 0 ? ['No page was checked'] : [])],
    showPath: (file: string) => relative(cwd, join(root, file)),
    readText: (file: string) => readOrNothing(join(cwd, file)),
  }
  const text = checkFormats[format](report)
  if (typeof text === 'string' && format === 'text') print(text)
  else process.stdout.write(text)
}

/** When no page was checked, nothing is known to be fine. */
function failed({ problems, pages }: CheckedPages): boolean {
  return pages.length === 0 || problems.some(({ severity }) => severity === 'error')
}

/** The rules, each with the address of its entry when the handbook is published at `url`. */
function listRules(url: string | undefined): ReportedRule[] {
  return RULES.map(({ id, severity, summary, hint }) => ({
    id,
    severity,
    summary,
    hint,
    ...(url === undefined ? {} : { url: `${url.replace(/\/$/, '')}/docs/contributing/rules#${id}` }),
  }))
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
