import type { Assessment } from '../readiness/index.ts'

/** An assessment as Markdown, for a comment on a pull request: the areas, and what does not pass. */
export function formatAssessmentMarkdown({ score, areas, items, claimed, environment, date }: Assessment): string {
  const open = items.filter(({ result }) => result === 'failed' || result === 'unknown')
  const percent = (value: number | null) => (value === null ? 'none' : `${value} %`)
  const lines = [
    `## Readiness of ${environment}: ${percent(score)}`,
    '',
    `${date.slice(0, 16).replace('T', ' ')} UTC. Claimed by hand then: ${claimed.overall} %.`,
    '',
    '| Area | Measured now | Claimed then |',
    '| --- | ---: | ---: |',
    ...areas.map(area => `| ${cell(area.title)} | ${percent(area.score)} | ${percent(area.claimed)} |`),
    ...(open.length > 0 ? ['', '| Item | Result | Why |', '| --- | --- | --- |'] : []),
    ...open.map(({ id, title, result, reason }) => `| ${id} ${cell(title)} | ${result} | ${cell(reason ?? '')} |`),
    '',
  ]
  return lines.join('\n')
}

/** Text that stays in its cell, whatever it holds. */
function cell(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return (line.length > 200 ? `${line.slice(0, 199)}…` : line).replaceAll(/[\\|<>`*_[\]]/g, '\\$&')
}
