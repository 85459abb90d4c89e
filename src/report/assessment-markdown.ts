import type { Assessment } from '../readiness/index.ts'
import { writeMarkdownTable } from './markdown-table.ts'

/** The most of a reason that a row shows. */
const LONGEST = 200

/** An assessment as Markdown, for a comment on a pull request: the areas, and what does not pass. */
export function formatAssessmentMarkdown({ score, areas, items, claimed, environment, date }: Assessment): string {
  const open = items.filter(({ result }) => result === 'failed' || result === 'unknown')
  const percent = (value: number | null) => (value === null ? 'nothing' : `${value} %`)
  return [
    writeMarkdownTable(
      `Readiness of ${environment}: ${percent(score)}, measured ${date.slice(0, 10)}${claimed ? `; claimed by hand then: ${claimed.overall} %` : ''}`,
      ['Area', 'Measured now', 'Claimed then'],
      areas.map(area => [area.title, percent(area.score), percent(area.claimed)]),
    ),
    writeMarkdownTable(
      `${open.length} of ${items.length} items do not pass`,
      ['Item', 'Title', 'Result', 'Why'],
      open.map(({ id, title, result, reason = '' }) => [
        { code: id },
        title,
        result,
        reason.length > LONGEST ? `${reason.slice(0, LONGEST - 1)}…` : reason,
      ]),
    ),
  ].join('\n')
}
