import type { BlockContent, Heading, List, ListItem, Paragraph, PhrasingContent, Root, RootContent, Table } from 'mdast'
import { remark } from 'remark'
import remarkGfm from 'remark-gfm'
import { formatDuration } from '../../base/index.ts'
import { isBroken, type Json } from '../../journal/index.ts'
import { explainOutcome } from '../describe-run.ts'
import { makeReadable } from './html.ts'
import { checkOf, describeLedger, type RunRecord, sayStartAlert } from './run-record.ts'
import { listEarlier, tellRun } from './run-story.ts'
import { CHANGING, nameEnd, type RunStory, type StepStory } from './story.ts'

/** The most characters of a step's output that a postmortem wants; the rest is behind a link. */
const EXCERPT = 2_000

/** A run as Markdown, to begin a postmortem with: when what happened, what was found, done and left standing, and the evidence. */
export function formatRunMarkdown(record: RunRecord): string {
  const story = tellRun(record)
  const { state } = story
  const why = explainOutcome(state)
  const loud = [
    ...(isBroken(checkOf(record)) ? [describeLedger(record)] : []),
    ...story.steps.flatMap(step => step.notes.filter(note => note.loud).map(note => `“${step.title}”: ${note.text}`)),
  ]
  const nodes: RootContent[] = [
    heading(1, `${state.title}: ${record.outcome}`),
    ...loud.map((words): RootContent => ({ type: 'blockquote', children: [paragraph([strong(`⚠ ${words}`)])] })),
    table(
      ['', ''],
      [
        [text('run'), code(state.id)],
        [text('page'), code(story.path)],
        [text('where'), text(state.environment)],
        [text('who'), text(state.by ? `${state.by.user}@${state.by.host}, ${story.mode}` : 'unknown')],
        [text('began'), text(`${state.started} (UTC)`)],
        [text('took'), text(formatDuration(story.seconds * 1000))],
        [text('alert'), text(sayStartAlert(state))],
        ...[...story.params, ...story.target].map(([name, value]) => [code(name), code(show(value))]),
      ],
    ),
    ...(why === undefined ? [] : [paragraph([text(why)])]),
    heading(2, 'Timeline'),
    table(['UTC', 'after', 'step', 'result', 'took', 'who', 'what it said'], listTimeline(story)),
    ...section('What was found', listFindings(story)),
    ...section('What was done', listChanges(story)),
    ...section('Approvals', listApprovals(story)),
    ...section(
      'Unreverted changes',
      state.standing.map(({ step, undoneBy }) => [
        text(`${titleOf(story, step)}${undoneBy ? `, can be rolled back by “${titleOf(story, undoneBy)}”: ` : ''}`),
        ...(undoneBy ? [code(`handbook runs roll-back ${state.id}`)] : []),
      ]),
    ),
    ...section(
      'Undo only on a condition',
      state.cures.map(({ step, undoneBy, when }) => [
        text(`${titleOf(story, step)}, only when ${when}: `),
        code(`handbook runs roll-back ${state.id} --step ${undoneBy}`),
      ]),
    ),
    ...section(
      'Unreverted changes of earlier runs',
      listEarlier(state.ending).map(words => [text(words)]),
    ),
    ...section('Evidence', listEvidence(story, record)),
    ...story.steps.flatMap(step => (isBad(step) || step.risk === 'danger' ? quoteOutput(step) : [])),
    { type: 'thematicBreak' },
    paragraph([text(describeLedger(record))]),
  ]
  const tree: Root = { type: 'root', children: nodes }
  return remark().use(remarkGfm, { tablePipeAlign: false }).data('settings', { bullet: '-' }).stringify(tree)
}

function listTimeline({ steps, notes }: RunStory): PhrasingContent[][] {
  const told = [
    ...steps.map(step => ({
      time: step.time,
      row: [
        text(step.time.slice(11, 19)),
        text(`+${formatDuration(step.offset * 1000)}`),
        text(`${step.phase}: ${step.title}`),
        isBad(step) ? strong(nameEnd(step)) : text(nameEnd(step)),
        text(formatDuration(step.seconds * 1000)),
        text(step.by ?? ''),
        text(saidBy(step)),
      ],
    })),
    ...notes.map(note => ({
      time: note.time,
      row: [text(note.time.slice(11, 19)), text(''), text(note.text), text(''), text(''), text(''), text('')],
    })),
  ]
  return told.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time)).map(({ row }) => row)
}

function saidBy({ error, reason, value, retries }: StepStory): string {
  const tries = retries.length > 0 ? `after ${retries.length + 1} tries` : ''
  const gave = value === undefined ? '' : show(value)
  return [tries, reason ?? error?.message ?? gave].filter(Boolean).join('; ')
}

function listFindings(story: RunStory): PhrasingContent[][] {
  return story.steps.flatMap(step => [
    ...step.suggestions.map(({ step: id, why }) => [
      strong(titleOf(story, id)),
      text(` was suggested by “${step.title}”: ${why}`),
    ]),
    ...(step.status === 'ruled-out' ? [[text(`“${step.title}” ruled itself out: ${step.reason ?? ''}`)]] : []),
  ])
}

function listChanges({ steps }: RunStory): PhrasingContent[][] {
  return steps
    .filter(({ phase, status }) => CHANGING.includes(phase) && status !== 'skipped')
    .map(step => [
      strong(step.title),
      text(` at ${sayWhen(step.time)}${step.by ? ` by ${step.by}` : ''}: ${step.status}`),
      text(step.reason ? `, ${step.reason}` : ''),
    ])
}

function listApprovals(story: RunStory): PhrasingContent[][] {
  return story.approvals.map(({ step, time, by, reason }) => [
    strong(titleOf(story, step)),
    text(
      reason === undefined
        ? `, approved by ${by} at ${sayWhen(time)}`
        : `, run by ${by} without an approval at ${sayWhen(time)}: ${reason}`,
    ),
  ])
}

function sayWhen(time: string): string {
  return `${time.slice(11, 19)} UTC`
}

function listEvidence({ steps }: RunStory, { files }: RunRecord): PhrasingContent[][] {
  const link = (path: string): PhrasingContent => ({
    type: 'link',
    url: files.get(path)?.link ?? path,
    children: [text(path)],
  })
  return steps.flatMap(step => [
    ...step.evidence.map(({ name, file, value }) => [
      text(`${name}, from “${step.title}”: `),
      file === undefined ? code(show(value ?? null)) : link(file),
    ]),
    ...(step.kept?.file ? [[text(`the whole output of “${step.title}”: `), link(step.kept.file)]] : []),
  ])
}

function quoteOutput({ title, output, status }: StepStory): RootContent[] {
  const said = makeReadable(output.map(part => part.text).join('')).trimEnd()
  if (said === '') return []
  const value = said.length > EXCERPT ? `…${said.slice(-EXCERPT)}` : said
  return [heading(2, `Output of “${title}” (${status})`), { type: 'code', lang: 'text', value }]
}

function isBad({ status }: StepStory): boolean {
  return status === 'failed' || status === 'timed-out' || status === 'interrupted' || status === 'blocked'
}

function titleOf({ state }: RunStory, id: string): string {
  return state.steps.find(step => step.id === id)?.title ?? id
}

function show(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function section(title: string, items: readonly PhrasingContent[][]): RootContent[] {
  if (items.length === 0) return []
  const children = items.map((words): ListItem => ({ type: 'listItem', children: [paragraph(words)] }))
  const list: List & BlockContent = { type: 'list', ordered: false, spread: false, children }
  return [heading(2, title), list]
}

function heading(depth: 1 | 2, words: string): Heading {
  return { type: 'heading', depth, children: [text(words)] }
}

function paragraph(children: PhrasingContent[]): Paragraph {
  return { type: 'paragraph', children }
}

function table(head: readonly string[], rows: readonly PhrasingContent[][]): Table {
  return {
    type: 'table',
    children: [head.map(name => text(name)), ...rows].map(cells => ({
      type: 'tableRow',
      children: cells.map(cell => ({ type: 'tableCell', children: [cell] })),
    })),
  }
}

function strong(words: string): PhrasingContent {
  return { type: 'strong', children: [text(words)] }
}

function code(words: string): PhrasingContent {
  return { type: 'inlineCode', value: onOneLine(words) }
}

function text(words: string): PhrasingContent {
  return { type: 'text', value: onOneLine(words) }
}

function onOneLine(words: string): string {
  return makeReadable(words).replace(/\s+/g, ' ')
}
