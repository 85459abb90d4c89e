import pc from 'picocolors'
import { countOf, formatJson } from '../base/index.ts'
import { type Diagnosis, type DiagnosisFlaw, isRowSound, type MatrixRow } from '../journal/index.ts'
import type { Formats } from './formats.ts'
import { writeMarkdownTable } from './markdown-table.ts'
import { createStages, type Stages } from './proofs-reports.ts'
import { fitText } from './wrap-text.ts'

/** The formats of `handbook drill --matrix`; as text, each row is printed when it is drawn, by `createMatrixReporter`. */
export const matrixFormats: Formats<readonly MatrixRow[], 'text' | 'json' | 'markdown'> = {
  text: matrix => `${fitText(sumUp(matrix), 80)}\n`,
  json: matrix => `${formatJson({ matrix })}\n`,
  markdown: formatMarkdown,
}

/** What a matrix went through, and what is unexpected in each row, as lines for a terminal. */
export interface MatrixReporter extends Pick<Stages, 'begin' | 'stage'> {
  end(row: MatrixRow): void
}

/** Tells rows in a terminal: a line a stage with its seconds, then how many pages said what, and what is unexpected. */
export function createMatrixReporter(write: (text: string) => void, now: () => number, columns = 80): MatrixReporter {
  const { begin, stage, close } = createStages(write, now)
  return {
    begin,
    stage,
    end(row) {
      close(isRowSound(row))
      write(`${fitText(describeRow(row).join('\n'), Math.max(40, columns))}\n\n`)
    },
  }
}

function describeRow({ pages, failure, fired }: MatrixRow): string[] {
  const lines = pages.flatMap(page => (page.flaw === undefined ? [] : describeFlaw(page, page.flaw)))
  return [
    ...(failure === undefined ? [] : [`  ${pc.red('✗')} ${failure}`]),
    ...(pages.length === 0 ? [] : [`    ${countPages(pages)}`]),
    ...(pages.length === 0 || fired?.length === 0 ? [] : [`    firing: ${fired?.join(', ') ?? UNASKED}`]),
    ...lines,
  ]
}

const UNASKED = 'unknown, because Prometheus could not be asked'

function countPages(pages: readonly Diagnosis[]): string {
  const counts = Object.entries(SAID).flatMap(([said, words]) => {
    const count = pages.filter(page => page.said === said).length
    return count === 0 ? [] : [`${count} ${words}`]
  })
  return `${countOf(pages.length, 'page')}: ${counts.join(', ')}`
}

const SAID: Readonly<Record<Diagnosis['said'], string>> = {
  suggests: 'found something to do',
  'ruled-out': 'ruled it out',
  undecided: 'could not tell',
  healed: 'healed without a change',
}

function describeFlaw({ page, suggestions, steps }: Diagnosis, flaw: DiagnosisFlaw): string[] {
  switch (flaw) {
    case 'own-ruled-out':
      return [`  ${pc.red('✗')} ${page} rules out its own fault`, ...steps.flatMap(tellStep)]
    case 'own-not-found':
      return [`  ${pc.yellow('!')} ${page} does not find its own fault`, ...steps.flatMap(tellStep)]
    case 'healed-other':
      return [`  ${pc.red('✗')} ${page} says that it healed a fault which is still there`]
    case 'suggests-other':
      return suggestions.flatMap(({ step, why, changes }) =>
        changes ? [`  ${pc.yellow('!')} ${page} would take ${step}: ${why}`] : [],
      )
    default:
      return flaw satisfies never
  }
}

function tellStep({ id, status, says }: Diagnosis['steps'][number]): string[] {
  return says === undefined ? [] : [`    ${id} ${status}: ${says}`]
}

/** How many faults there were, and what was unexpected. */
function sumUp(matrix: readonly MatrixRow[]): string {
  const diagnoses = matrix.flatMap(({ pages }) => pages)
  const untried = matrix.filter(({ failure }) => failure !== undefined).length
  const counts = Object.entries(FLAWS).flatMap(([flaw, words]) => {
    const count = diagnoses.filter(page => page.flaw === flaw).length
    return count === 0 ? [] : [`${count} ${words}`]
  })
  const all = [...counts, ...(untried === 0 ? [] : [`${untried} not tried`])]
  return `${countOf(matrix.length, 'fault')}: ${all.join(', ') || 'nothing unexpected'}`
}

const FLAWS: Readonly<Record<DiagnosisFlaw, string>> = {
  'own-ruled-out': 'ruled out by its own page',
  'own-not-found': 'not found by its own page',
  'healed-other': 'healed by another page, as it says',
  'suggests-other': 'where another page would change something',
}

function formatMarkdown(matrix: readonly MatrixRow[]): string {
  const pages = [...new Set(matrix.flatMap(({ pages }) => pages.map(({ page }) => page)))].sort()
  return writeMarkdownTable(
    sumUp(matrix),
    ['Fault', ...pages],
    matrix.map(row => [
      { code: row.fault },
      ...pages.map(page =>
        sayCell(
          row.pages.find(diagnosis => diagnosis.page === page),
          row.failure,
        ),
      ),
    ]),
  )
}

function sayCell(diagnosis: Diagnosis | undefined, failure: string | undefined): string {
  if (!diagnosis) return failure ?? 'not run'
  const { own, said, flaw } = diagnosis
  const words = flaw === 'suggests-other' ? 'suggests a change' : said.replace('-', ' ')
  return `${own ? 'its own: ' : ''}${words}`
}
