import { formatRunHtml } from './run-html.ts'
import { formatRunJson } from './run-json.ts'
import { formatRunJunit } from './run-junit.ts'
import { formatRunMarkdown } from './run-markdown.ts'
import type { RunRecord } from './run-record.ts'

/** The forms in which a run is written anew; as NDJSON its ledger is given away as it is. */
export type RunFormat = 'markdown' | 'json' | 'junit' | 'html'

/** A run in a form for other people and programs. */
export function formatRun(record: RunRecord, format: RunFormat): string {
  switch (format) {
    case 'markdown':
      return formatRunMarkdown(record)
    case 'json':
      return formatRunJson(record)
    case 'junit':
      return formatRunJunit(record)
    case 'html':
      return formatRunHtml(record)
    default:
      return format satisfies never
  }
}
