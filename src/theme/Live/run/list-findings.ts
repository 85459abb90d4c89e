import type { RunEvent } from '../../../journal/index.ts'
import { collectFindings } from '../../../report/pure.ts'

/** As many columns as two lines of a phone have, and a bit. */
const FINDING = 160

/** What Diagnose found, in five lines, as a terminal says it. */
export function listFindings(told: readonly RunEvent[]): string[] {
  const titles = new Map(
    told.flatMap(event => (event.type === 'run.started' ? event.steps : [])).map(({ id, title }) => [id, title]),
  )
  const findings = collectFindings(titles)
  for (const event of told) findings.hear(event)
  return findings.take(FINDING)
}
