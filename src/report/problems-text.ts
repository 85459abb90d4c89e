import { createColors, isColorSupported } from 'picocolors'
import { formatPlace, type Problem } from '../base/index.ts'
import { drawCodeFrame } from './code-frame.ts'
import { countProblems } from './problems-reports.ts'
import { wrapText } from './wrap-text.ts'

/** What the text needs beside the problems. */
export interface ProblemsTextOptions {
  /** The text of a file, for the code frame; without it there is none. */
  readonly readText: (file: string) => string | undefined
  /** How many pages were checked; 0 when it did not come to that. */
  readonly pages: number
  /** How many more problems are waived. */
  readonly waived?: number
  /** Whether to colour; when not said, what `NO_COLOR` and the terminal want. */
  readonly color?: boolean
}

const WIDTH = 80
/** How often the same is explained; after that, only where it is said again. */
const EXPLAINED = 3

/** Problems for people, 80 columns wide: place, rule, message, the lines around it, what was expected and found, and a hint. */
export function formatProblemsText(problems: readonly Problem[], options: ProblemsTextOptions): string {
  const { readText, color = isColorSupported } = options
  const paint = createColors(color)
  const told = new Map<string, number>()
  const entries = problems.map((problem, index) => {
    const { severity, rule, message, expected, found, hint } = problem
    const sign = severity === 'error' ? paint.red('error') : paint.yellow('warning')
    const place = `${paint.bold(formatPlace(problem))} ${sign} ${paint.dim(rule)}`
    const same = JSON.stringify([severity, rule, message, expected, found, hint])
    const times = (told.get(same) ?? 0) + 1
    told.set(same, times)
    if (times > EXPLAINED) return index === problems.length - 1 ? `${place}\n` : place
    const text = readText(problem.file)
    const details = [
      expected === undefined ? [] : label('expected', expected),
      found === undefined ? [] : label('found', found),
      hint === undefined ? [] : label('hint', hint),
    ].flat()
    return [
      place,
      ...wrapText(message, WIDTH - 2).map(line => `  ${line}`),
      ...(text === undefined ? [] : drawCodeFrame(text, problem, WIDTH - 2).map(line => `  ${paint.dim(line)}`)),
      ...details.map(([name, line]) => `  ${paint.cyan(name.padEnd(8))} ${line}`),
      '',
    ].join('\n')
  })
  const rules = [...new Set(problems.map(({ rule }) => rule))]
  const [rule = 'RULE', ...others] = rules
  const more = `More: handbook check --explain ${others.length === 0 ? rule : 'RULE'}`
  return [...entries, summarize(problems, options, paint), ...(rules.length === 0 ? [] : [paint.dim(more)]), ''].join(
    '\n',
  )
}

function label(name: string, text: string): [string, string][] {
  return wrapText(text, WIDTH - 11).map((line, index) => [index === 0 ? name : '', line])
}

function summarize(
  problems: readonly Problem[],
  { pages, waived = 0 }: ProblemsTextOptions,
  paint: ReturnType<typeof createColors>,
): string {
  const text = countProblems(problems, pages, waived)
  if (problems.length === 0) return pages === 0 ? paint.yellow(`? ${text}`) : paint.green(`✓ ${text}`)
  return problems.some(({ severity }) => severity === 'error') ? paint.red(`✗ ${text}`) : paint.yellow(`! ${text}`)
}
