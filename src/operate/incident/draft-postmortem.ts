import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { formatDuration } from '../../base/index.ts'
import type { Handbook } from '../../environments/index.ts'
import type { Actor, IncidentView, RunStore } from '../../journal/index.ts'
import { UsageError } from '../errors.ts'
import { viewIncident } from './view-incident.ts'

/** A draft that was written: its path in the handbook. */
export interface DraftedPostmortem {
  readonly path: string
  /** The page with the template that it was made from. */
  readonly template: string
}

/**
 * Writes the draft of an incident's postmortem: the timeline, what was measured, and what is evidence. What only people know stays as the template
 * asks for it, and `handbook check` names it. Throws a `UsageError` when there is no such incident, or the page is there already.
 */
export async function draftPostmortem(
  store: RunStore,
  incident: string,
  { handbook, by }: { readonly handbook: Handbook; readonly by: Actor },
): Promise<DraftedPostmortem> {
  const view = await viewIncident(store, incident)
  if (!view) throw new UsageError(`There is no incident ${incident}`, 'See handbook incident list')
  const template = await findTemplate(handbook)
  if (!template)
    throw new UsageError(
      'This handbook has no template of a postmortem',
      'Write one: a page postmortem.md, with the template in a fence of Markdown',
    )
  const folder = dirname(template.page)
  const path = `${folder}/${nameFile(view)}.md`
  if (existsSync(join(handbook.root, path)))
    throw new UsageError(`${path} is there already`, 'Go on with that page, or move it away first')
  const text = fill(template.text, view, Object.keys(handbook.file.owners))
  await writeFile(join(handbook.root, path), text, { flag: 'wx' })
  const fact = { type: 'postmortem.drafted', path } as const
  await store.incidents.add(incident, { fact, by, key: `postmortem ${path}` })
  return { path, template: template.page }
}

/** The template of a handbook: the first fence of Markdown on its page of that name. */
async function findTemplate({ root, pages }: Handbook): Promise<{ page: string; text: string } | undefined> {
  for (const page of pages) {
    if (!/^(?:.*-)?postmortem(?:-template)?$/i.test(basename(page).replace(/\.mdx?$/, ''))) continue
    const text = await readFile(join(root, page), 'utf8').catch(() => '')
    const [, , template] = /^(`{3,}|~{3,})(?:markdown|md)\b.*\n([\s\S]*?)\n\1[ \t]*$/m.exec(text) ?? []
    if (template !== undefined && /^## /m.test(template)) return { page, text: template }
  }
  return undefined
}

/** The template with what is known in its place. */
function fill(template: string, view: IncidentView, owners: readonly string[]): string {
  const [, ...sections] = template.split(/^(?=## )/m)
  const body = sections.map(section => {
    const [heading = '', ...rest] = section.split('\n')
    const title = heading.replace(/^## +/, '').trim().toLowerCase()
    if (title === 'timeline') return `${heading}\n\nAll times in UTC.\n\n${writeTimeline(view)}\n`
    if (title === 'detection') return `${heading}\n\n${writeMeasured(view)}\n\n${rest.join('\n').trim()}\n`
    if (title.startsWith('impact')) return `${heading}\n\n${fillDuration(rest.join('\n').trim(), view)}\n`
    return `${heading}\n${rest.join('\n').trim()}\n`
  })
  return `${writeMatter(view, owners)}\n${body.join('\n')}`
}

function writeMatter(view: IncidentView, owners: readonly string[]): string {
  const { declared, severity, environment } = view
  const owner = owners.find(name => /incident/.test(name)) ?? owners[0]
  const lines = [
    `title: ${JSON.stringify(titleOf(view))}`,
    `description: ${JSON.stringify(`${declared.slice(0, 10)}, ${severity ?? 'severity unknown'}, in ${environment}, ${sayLength(view)}`)}`,
    ...(owner === undefined ? [] : [`owner: ${owner}`]),
  ]
  return `---\n${lines.join('\n')}\n---\n`
}

function titleOf({ sees, environment }: IncidentView): string {
  return sees?.replace(/[.\s]+$/, '') ?? `An incident in ${environment}`
}

function nameFile(view: IncidentView): string {
  const words = view.sees
    ?.normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
    ?.slice(0, 6)
  return `${view.declared.slice(0, 10)}-${words?.join('-') || `incident-in-${view.environment.toLowerCase()}`}`
}

function sayLength({ measured: { detected, declared }, closed }: IncidentView): string {
  return closed ? `closed after ${sayBetween(detected ?? declared, closed.time)}` : 'not closed when this was drafted'
}

/** What was measured, in lines: what is not known says so. */
function writeMeasured(view: IncidentView): string {
  const { detected, declared, firstChange, healed } = view.measured
  const from = detected ?? declared
  const after = (time: string) => `${sayTime(time)}${time === from ? '' : `, ${sayBetween(from, time)} later`}`
  return [
    `- Detected: ${detected === undefined ? 'no alert is on record for it' : `the first alert fired at ${sayTime(detected)}`}.`,
    `- Declared: ${after(declared)}, by ${cell(view.declaredBy)}.`,
    `- First change: ${firstChange === undefined ? 'no run changed anything' : after(firstChange)}.`,
    `- Healed: ${healed === undefined ? 'no run ended as healed' : after(healed)}.`,
  ].join('\n')
}

function writeTimeline({ timeline, pinned }: IncidentView): string {
  const rows = timeline
    // What people noted may name customers: a note is published when somebody chose it.
    .filter(({ kind, id }) => !['note', 'question'].includes(kind) || pinned.includes(id))
    .map(({ time, text, by, run, id }) => {
      const evidence = run === undefined ? `incident record, ${id.slice(1)}` : `run ${run}`
      return `| ${sayTime(time)} | ${cell(text)}${by === undefined ? '' : ` (${cell(by)})`} | ${evidence} |`
    })
  return ['| time | what happened | evidence |', '| --- | --- | --- |', ...rows].join('\n')
}

/** The row about when it was, filled in where the template has one. */
function fillDuration(body: string, view: IncidentView): string {
  const { detected, declared, healed } = view.measured
  const from = detected ?? declared
  const to = healed ?? view.closed?.time
  const ended = to === undefined ? 'not ended when this was drafted' : `${sayTime(to)}, ${sayBetween(from, to)}`
  const by = `${detected === undefined ? 'declared' : 'first alert'} to ${healed === undefined ? 'closed' : 'healed'}`
  return body.replace(/^\| *(began, ended[^|]*)\|[^|]*\|[^|]*\|$/m, `| $1| ${sayTime(from)} to ${ended} | ${by} |`)
}

function sayTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)}`
}

function sayBetween(from: string, to: string): string {
  return formatDuration(Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000)) * 1000).replace(
    /^0 ms$/,
    '0 s',
  )
}

/** Somebody's words as text in a cell of a table: nothing in them is Markdown or HTML. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!~|]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
