import pc from 'picocolors'
import { countOf, formatDuration, makeVisible } from '../base/index.ts'
import type { Practice } from '../journal/index.ts'
import { formatDay } from './format-time.ts'
import { measure } from './wrap-text.ts'

/** The score of a practice for a terminal; `title`: what the fault is, in words. */
export function formatScore(practice: Practice, title: string | undefined): string {
  const { fault, pages, outcome, secondsToFire, secondsToPage, secondsToHeal, wrongPages, wrongMitigations } = practice
  const head = outcome === 'healed' ? pc.green(pc.bold('HEALED')) : pc.yellow(pc.bold('GIVEN UP'))
  const rows = [
    ['the fault', `${fault}${title === undefined ? '' : `: ${title}`}`],
    ['its page', pages.join(', ')],
    ['paged', secondsToFire === null ? 'never' : `${sayTime(secondsToFire)} after the fault`],
    ['right page', secondsToPage === null ? 'never begun' : `begun after ${sayTime(secondsToPage)}`],
    ['healed', secondsToHeal === null ? 'no' : `after ${sayTime(secondsToHeal)}`],
    ['wrong pages', wrongPages.join(', ') || 'none'],
    ['wrong steps', wrongMitigations.join(', ') || 'none'],
    ['customers', sayFelt(practice.felt)],
    ['acknowledged', sayCount(practice.workload)],
  ] as const
  const lines = rows.map(([name, value]) => `  ${pc.dim(name.padEnd(13))} ${makeVisible(value)}\n`)
  return `\n${head}\n${lines.join('')}`
}

/** Practices as a table, newest first. */
export function formatPractices(practices: readonly Practice[]): string {
  const rows = practices
    .toReversed()
    .map(practice => [
      formatDay(new Date(practice.date)),
      makeVisible(practice.fault),
      sayShort(practice.secondsToPage, 'never'),
      practice.outcome === 'healed' ? sayShort(practice.secondsToHeal, 'yes') : 'gave up',
      String(practice.wrongPages.length + practice.wrongMitigations.length),
      sayShortFelt(practice),
    ])
  const header = ['DATE', 'FAULT', 'TO PAGE', 'TO HEAL', 'WRONG', 'FELT']
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map(row => measure(row[column] ?? ''))))
  const write = (row: readonly string[]) =>
    row
      .map((text, column) => text + ' '.repeat((widths[column] ?? 0) - measure(text)))
      .join('  ')
      .trimEnd()
  return `${[pc.bold(write(header)), ...rows.map(write)].join('\n')}\n`
}

function sayTime(seconds: number): string {
  return formatDuration(seconds * 1000)
}

function sayShort(seconds: number | null, otherwise: string): string {
  return seconds === null ? otherwise : sayTime(seconds)
}

function sayFelt(felt: Practice['felt']): string {
  if (!felt) return 'nobody used it: what they felt is unknown'
  const { failedShare, slowShare, longestGapSeconds } = felt
  return `${percent(failedShare)} failed, ${percent(slowShare)} slow; ${sayTime(longestGapSeconds)} at most with none acknowledged`
}

function sayCount(workload: Practice['workload']): string {
  if (!workload) return 'nothing was counted: what was lost is unknown'
  return `${workload.acknowledged} ${workload.name}, ${workload.lost === 0 ? 'none' : workload.lost} lost`
}

function sayShortFelt({ felt, workload }: Practice): string {
  if (!felt) return 'unknown'
  return `${percent(felt.failedShare)} failed${workload && workload.lost > 0 ? `, ${countOf(workload.lost, 'loss', 'losses')}` : ''}`
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
