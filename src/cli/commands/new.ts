import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { defineCommand } from 'citty'
import pc from 'picocolors'
import type { Handbook } from '../../environments/index.ts'
import { readRuleFiles } from '../../handbook/index.ts'
import {
  demandHandbook,
  demandLab,
  findRulesFolder,
  guess,
  openCatalogue,
  readProcedures,
  UsageError,
} from '../../operate/index.ts'
import { wrapText } from '../../report/index.ts'
import { writeAssessment } from '../new-page/assessment.ts'
import type { Draft } from '../new-page/draft.ts'
import { writeGuide } from '../new-page/guide.ts'
import { writeIncident } from '../new-page/incident.ts'
import { listNext } from '../new-page/list-next.ts'
import { nameAlert } from '../new-page/name-alert.ts'
import { writeRunbook } from '../new-page/runbook.ts'

const WRITERS = { runbook: writeRunbook, check: writeAssessment, guide: writeGuide, incident: writeRunbook }
/** Where a page of each kind goes unless said, if the handbook has such a folder of pages. */
const FOLDERS = { runbook: 'runbooks', check: 'docs/readiness', guide: 'docs', incident: 'runbooks' }

type Kind = keyof typeof WRITERS

/** `handbook new`: starts a page. */
export const newPage = defineCommand({
  meta: {
    name: 'new',
    description: `Start a page: complete in form, with TODO where only its author knows. It is never written over another.

  handbook new runbook queue-stuck --alert QueueStuck --owner delivery
  handbook new check log
  handbook new guide rotate-keys --title "Rotate the keys"
  handbook new incident queue-stuck --owner delivery

What is still to be done are problems of handbook check. Exit code: 0; 2 when nothing was written.`,
  },
  subCommands: {
    runbook: define('runbook', 'What to do about an alert'),
    check: define('check', 'What an area of the readiness assessment measures'),
    guide: define('guide', 'A piece of work, step by step'),
    incident: define('incident', 'A fault, its alert with a test, and a runbook with a drill'),
  },
})

function define(kind: Kind, description: string) {
  const forRunbooks = {
    alert: { type: 'string', description: 'The alert that leads to it', valueHint: 'NAME' },
  } as const
  return defineCommand({
    meta: { name: kind, description },
    args: {
      name: {
        type: 'positional',
        description: kind === 'check' ? 'The area: log, conf, sec, …' : 'The page’s id, such as queue-stuck',
      },
      ...(kind === 'runbook' || kind === 'incident' ? forRunbooks : {}),
      owner: { type: 'string', description: 'Who looks after it: an owner in handbook.yaml', valueHint: 'ID' },
      title: { type: 'string', description: 'Its title', valueHint: 'TEXT' },
      dir: { type: 'string', description: 'A folder of pages', valueHint: 'FOLDER' },
      json: { type: 'boolean', description: 'Data for scripts' },
    },
    async run({ args }) {
      const handbook = await demandHandbook(process.cwd())
      const given: Readonly<Record<string, unknown>> = args
      const catalogue = kind === 'check' ? await openCatalogue(handbook) : undefined
      const alert = kind === 'incident' ? await chooseAlert(handbook, given) : undefined
      const planned = await plan(handbook, { ...given, ...(alert ? { alert } : {}) })
      const draft: Draft = {
        ...planned,
        ...(catalogue ? { areas: catalogue.areas } : {}),
        ...(kind === 'incident' ? { fault: planned.name } : {}),
      }
      const folder = chooseFolder(handbook, kind, textOf(given, 'dir'))
      const path = `${folder === '' ? '' : `${folder}/`}${draft.name}.md`
      const text = WRITERS[kind](draft)
      const show = (file: string) => relative(process.cwd(), join(handbook.root, file))
      const incident = kind === 'incident' ? await openIncident(handbook, draft, path) : { files: [], next: [] }
      const files = [...incident.files, { path, text }]
      for (const file of files) demandNew(join(handbook.root, file.path))
      for (const file of files) await write(join(handbook.root, file.path), file.text)
      const shown = show(path)
      const next = [...incident.next, ...listNext(kind, { path, shown, text }, draft)]
      const written = files.map(file => show(file.path))
      const also = kind === 'incident' ? { files: written } : {}
      if (args.json) process.stdout.write(`${JSON.stringify({ path: shown, id: draft.name, kind, ...also, next })}\n`)
      else process.stdout.write(formatNext(written, next))
      return 0
    },
  })
}

/** What is known of the page. Throws a `UsageError` for what cannot be. */
async function plan(handbook: Handbook, given: Readonly<Record<string, unknown>>): Promise<Draft> {
  const { file } = handbook
  const name = textOf(given, 'name') ?? ''
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
  const owner = textOf(given, 'owner')
  const owners = Object.keys(file.owners)
  if (owner !== undefined && !owners.includes(owner)) {
    throw new UsageError(`handbook.yaml knows no owner ${owner}`, guess(owner, owners))
  }
  const alert = textOf(given, 'alert')
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
  const title = textOf(given, 'title') ?? known.rule?.annotations.summary ?? readable(name)
  return { name, title, file, ...(owner ? { owner } : {}), ...(alert ? { alert } : {}), ...known }
}

/** The folder for a page, relative to the handbook's root. Throws a `UsageError` for one in which nobody would look for pages. */
function chooseFolder({ root, file }: Handbook, kind: Kind, dir: string | undefined): string {
  const isInside = (folder: string) => file.pages.some(pages => folder === pages || folder.startsWith(`${pages}/`))
  if (dir === undefined) return isInside(FOLDERS[kind]) ? FOLDERS[kind] : (file.pages[0] ?? '')
  const folder = relative(root, resolve(process.cwd(), dir)).split(sep).join('/')
  if (isInside(folder)) return folder
  throw new UsageError(
    `${dir} is no folder of pages of this handbook`,
    `handbook.yaml says: pages: [${file.pages.join(', ')}]`,
  )
}

/** The alert that was named; else one after the page, as the others here are called. */
async function chooseAlert(handbook: Handbook, given: Readonly<Record<string, unknown>>): Promise<string> {
  const { rules } = await readRuleFiles(handbook)
  const others = rules.flatMap(rule => (rule.kind === 'alert' ? [rule.alert] : []))
  return textOf(given, 'alert') ?? nameAlert(textOf(given, 'name') ?? '', others)
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

function demandNew(path: string): void {
  if (existsSync(path)) throw unwritable(path, 'file already exists (EEXIST)')
}

function unwritable(path: string, reason: string): UsageError {
  return new UsageError(`${relative(process.cwd(), path)} cannot be written: ${reason}`, 'Nothing was changed')
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^(\w+): ([^,]*),.*$/, '$2 ($1)') : String(error)
    throw unwritable(path, reason)
  }
}

function formatNext(paths: readonly string[], next: readonly string[]): string {
  const lines = next.map((text, index) => `  ${index + 1}. ${wrapText(text, 75).join('\n     ')}\n`)
  const wrote = paths.map(path => `${pc.green('✓')} Wrote ${pc.bold(path)}\n`)
  return `${wrote.join('')}\nNext:\n${lines.join('')}`
}

function textOf(args: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = args[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function readable(name: string): string {
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
