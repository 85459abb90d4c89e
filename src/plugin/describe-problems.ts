import type { Problem } from '../base/index.ts'
import type { LoadedHandbook } from '../handbook/index.ts'
import type { ReadText } from '../lint/index.ts'
import { formatProblemsText } from '../report/index.ts'

/** A handbook's problems as `handbook check` prints them, but errors last, where whoever waited for the build looks. */
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
