import pc from 'picocolors'
import { countOf, formatDuration, makeVisible } from '../base/index.ts'
import type { RunEvent } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { type Assessment, type CheckResult, describeScore, type ItemResult, type Result } from '../readiness/index.ts'
import { wrapText } from './wrap-text.ts'

const BAR = 20
/** Moves that are worth a line. */
const MOVES = 10
/** Lines of a reason that are shown. */
const REASON = 8

/** An assessment for people: the areas, each item with what its checks found, and what to do next. */
export function formatAssessmentText(assessment: Assessment, columns = 80): string {
  const width = Math.max(60, columns)
  const { score, areas, claimed, environment, profile, date } = assessment
  const whole = areas.length > 1
  const ofArea = (area: string) => assessment.items.filter(item => item.area === area)
  const lines = [
    pc.bold(
      `Readiness of ${environment}${profile === undefined ? '' : ` (${profile})`}, ${date.slice(0, 16).replace('T', ' ')} UTC`,
    ),
    '',
    pc.dim(`${' '.repeat(26)}${'measured now'.padStart(BAR + 9)}${'claimed then'.padStart(15)}`),
    ...areas.map(area => drawBar(area.title, area.score, area.claimed, ofArea(area.id))),
    ...(whole
      ? [
          pc.bold(drawBar('Together', score, claimed?.overall ?? null, assessment.items)),
          '',
          ...explainClaims(assessment, width),
        ]
      : []),
    '',
    ...wrapText(`Measured: ${describeScore(score, assessment.items)}.`, width),
    ...tellReconstruction(assessment, width),
    ...areas.flatMap(area => ['', pc.bold(area.title), ...tellItems(assessment, area.id, width)]),
    ...(whole ? tellNext(assessment, width) : []),
    '',
  ]
  return `${lines.join('\n')}\n`
}

/** What was broken on purpose before this was measured, if it was: nobody may take it for the deployment's own state. */
function tellReconstruction({ reconstruction }: Assessment, width: number): string[] {
  if (!reconstruction) return []
  const { made, leftOut } = reconstruction
  const broken = Object.keys(made).length
  return [
    ...wrapText(
      `Reconstructed from the claim: ${broken} of ${countOf(broken + Object.keys(leftOut).length, 'mutation')} were in effect together. An item counts only by checks that declare one of them.`,
      width,
    ),
    ...Object.entries(leftOut).flatMap(([name, why]) => hang('  without ', 10, `${name}: ${why}`, width)),
  ]
}

/** A check's or an item's result as one sign. */
const SIGNS: Readonly<Record<Result, string>> = {
  passed: pc.green('✓'),
  failed: pc.red('✗'),
  'not-applicable': pc.dim('–'),
  unknown: pc.yellow('?'),
}

function drawBar(title: string, score: number | null, claimed: number | null, items: readonly ItemResult[]): string {
  const full = Math.floor(((score ?? 0) * BAR) / 100)
  const said = describeScore(score, items)
  const measured = score === null ? (said === 'not measured' ? 'unknown' : 'none') : `${score.toFixed(1)} %`
  const then = claimed === null ? 'nothing' : `${claimed} %`
  return `${title.padEnd(26)}${'█'.repeat(full)}${'░'.repeat(BAR - full)}${measured.padStart(9)}${then.padStart(15)}`
}

function explainClaims({ claimed }: Assessment, width: number): string[] {
  if (!claimed) return []
  const { overall, mean, complete } = claimed
  const parts = complete.map(({ title, claimed }) => `${title.toLowerCase()} ${claimed} %`).join(', ')
  const sentences = [
    ...(mean === null || mean === overall
      ? []
      : [`The ${overall} % claimed then is not the mean of its parts, which is ${mean} %.`]),
    ...(parts === '' ? [] : [`Claimed as complete then, but not measured: ${parts}.`]),
  ]
  return wrapText(sentences.join(' '), width).map(line => pc.dim(line))
}

function tellItems({ items }: Assessment, area: string, width: number): string[] {
  return items
    .filter(item => item.area === area)
    .flatMap(item => [
      ...hang(`  ${SIGNS[item.result]} ${item.id.padEnd(8)} `, 13, sayItem(item), width),
      ...item.checks.flatMap(check => tellCheck(check, width)),
    ])
}

function sayItem({ title, checks, result, reason }: ItemResult): string {
  return checks.length === 0 || result === 'not-applicable' ? `${title}: ${sayWhy(result, reason)}` : title
}

function sayWhy(result: Result, reason: string | undefined): string {
  const why = reason ?? ''
  return result === 'not-applicable' ? `not applicable, ${why}` : why
}

function tellCheck(check: CheckResult, width: number): string[] {
  const { title, result, reason, page, line } = check
  const told = hang(`      ${SIGNS[result]} `, 8, title, width)
  if (result === 'passed' || reason === undefined) return told
  const why = reason.split('\n').filter(text => text.trim() !== '')
  return [
    ...told,
    ...why.slice(0, REASON).flatMap(text => hang('        ', 8, text, width)),
    pc.dim(`        ${page}:${line}, run ${check.evidence.run}`),
  ]
}

function tellNext({ next: { moves, ways } }: Assessment, width: number): string[] {
  if (moves.length === 0) return []
  const shown = moves.slice(0, MOVES)
  return [
    '',
    pc.bold('What to do next, most points for an hour first (hours are our estimates)'),
    ...shown.map(({ item, title, points, hours }) => {
      return `  +${points.toFixed(1).padStart(4)} points ${`${hours} h`.padStart(6)}  ${item.padEnd(8)} ${title}`
    }),
    ...(moves.length > MOVES ? [pc.dim(`  and ${moves.length - MOVES} more: --json`)] : []),
    ...ways.flatMap(({ to, hours, items }) => {
      const which = items.length === moves.length ? 'all that do not pass' : items.join(', ')
      return hang('', 2, `The shortest way to ${to} %: ${countOf(items.length, 'item')}, ${hours} h: ${which}`, width)
    }),
  ]
}

/** Text behind a lead, broken so that what follows hangs below it. `indent` is how wide the lead looks. */
function hang(lead: string, indent: number, text: string, width: number): string[] {
  const [first = '', ...rest] = wrapText(text, width - indent)
  return [`${lead}${first}`, ...rest.map(line => `${' '.repeat(indent)}${line}`)]
}

/** Tells how far an assessment is, beside its result. */
export interface AssessProgress {
  readonly listen: (page: Procedure, event: RunEvent) => void
  /** A line of its own. */
  readonly say: (line: string) => void
  /** Takes back what is only for the moment. */
  readonly end: () => void
}

/** Tells progress: in a terminal on one line that changes, else a line for each page that is done. */
export function createAssessProgress(
  write: (text: string) => void,
  pages: readonly Procedure[],
  live: boolean,
): AssessProgress {
  const all = pages.reduce((sum, { phases }) => sum + phases.reduce((sum, { steps }) => sum + steps.length, 0), 0)
  let done = 0
  const warned = new Set<string>()
  /** Checks of a page that came to an end. */
  const came = new Map<string, number>()
  const clear = live ? '\r\u001b[K' : ''
  return {
    listen(page, event) {
      if (event.type === 'step.finished') done += 1
      if (event.type === 'run.started') came.set(page.id, 0)
      if (event.type === 'step.finished') came.set(page.id, (came.get(page.id) ?? 0) + 1)
      if (live && event.type === 'step.started')
        write(
          `${clear}${pc.dim(`${done}/${countOf(all, 'check')} · ${makeVisible(`${page.id}: ${event.title}`)}`.slice(0, 78))}`,
        )
      if (event.type === 'run.warned' && !warned.has(event.message)) {
        warned.add(event.message)
        write(`${clear}${pc.yellow('!')} ${makeVisible(`${page.id}: ${event.message}`)}\n`)
      }
      if (event.type !== 'run.finished') return
      const checks = page.phases.reduce((sum, { steps }) => sum + steps.length, 0)
      const ended = came.get(page.id) ?? 0
      const of = ended === checks ? '' : `${ended} of `
      write(
        `${clear}${makeVisible(page.id)}: ${of}${countOf(checks, 'check')} in ${formatDuration(event.seconds * 1000)}\n`,
      )
    },
    say: line => write(`${clear}${line}\n`),
    end: () => write(clear),
  }
}
