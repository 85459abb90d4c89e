import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RULES } from '../lint/index.ts'
import { guessNearest, UsageError } from '../operate/index.ts'
import { parseProcedure } from '../procedure/index.ts'
import { wrapText } from '../report/index.ts'
import { BUNDLES } from './paths.ts'
import { paintMarkdown } from './print.ts'

const FILE = 'rules.md'

/** A rule's entry in the reference; its prose is at most `columns` wide. Throws a `UsageError` when there is no such rule. */
export async function explainRule(rule: string, columns = 80): Promise<string> {
  const rules = RULES.map(({ id }) => id)
  if (!rules.includes(rule)) {
    throw new UsageError(`There is no rule ${rule}`, guessNearest(rule, rules))
  }
  const page = await readFile(join(BUNDLES, FILE), 'utf8')
  const { headings } = parseProcedure(page, FILE)
  const { line } = headings.find(({ id }) => id === rule) ?? { line: 0 }
  const next = headings.find(heading => heading.line > line)
  const entry = page.split('\n').slice(line, next && next.line - 1)
  const text = entry.flatMap(line => (/^[*\w]/.test(line) ? wrapText(line.replaceAll('**', ''), columns) : [line]))
  return paintMarkdown(`### ${rule}\n${text.join('\n').trimEnd()}\n`)
}
