import { formatPlace, type Problem } from '../base/index.ts'
import type { LoadedHandbook } from '../handbook/index.ts'
import type { ReadText } from '../lint/index.ts'
import { formatProblemsText } from '../report/index.ts'
import type { PublishedPage } from './read-site.ts'
import type { ProblemCard } from './view-types.ts'

/** A handbook's problems as `handbook check` prints them, but errors last: an author looks at the end of a build's output. */
export async function describeProblems(
  { problems, waived, procedures, readText }: Pick<LoadedHandbook, 'problems' | 'waived' | 'procedures' | 'readText'>,
  color: boolean | undefined,
): Promise<string> {
  const texts = await readTexts(problems, readText)
  const ordered = [
    ...problems.filter(({ severity }) => severity === 'warning'),
    ...problems.filter(({ severity }) => severity === 'error'),
  ]
  const options = { readText: (file: string) => texts.get(file), pages: procedures.length, waived: waived.length }
  return formatProblemsText(ordered, color === undefined ? options : { ...options, color })
}

async function readTexts(problems: readonly Problem[], readText: ReadText): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const file of new Set(problems.map(({ file }) => file))) {
    const text = await readText(file)
    if (text !== undefined) texts.set(file, text)
  }
  return texts
}

/** Problems for authors: errors first, each with the address of its page. */
export function showProblems(
  problems: readonly Problem[],
  published: ReadonlyMap<string, PublishedPage>,
): readonly ProblemCard[] {
  const ordered = problems.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  return ordered.map(problem => {
    const { file, severity, message, found, expected, hint } = problem
    const permalink = published.get(file)?.permalink
    return {
      place: formatPlace(problem),
      severity,
      message,
      ...(permalink ? { permalink } : {}),
      ...(found ? { found } : {}),
      ...(expected ? { expected } : {}),
      ...(hint ? { hint } : {}),
    }
  })
}

/** Mistakes of authors. They end a build, without a stack trace. */
export class HandbookError extends Error {
  override readonly name = 'HandbookError'
  readonly problems: readonly Problem[]

  constructor(message: string, problems: readonly Problem[]) {
    super(message)
    this.problems = problems
    // The place in our code does not help an author.
    this.stack = message
  }
}
