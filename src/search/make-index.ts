import MiniSearch from 'minisearch'
import { OPTIONS, type SearchEntry, type SearchIndex } from './entry.ts'
import { cutCamelCase, findCommonStart } from './words.ts'

/** The index of these entries. */
export function makeSearchIndex(entries: readonly SearchEntry[]): SearchIndex {
  const engine = new MiniSearch(OPTIONS)
  const start = findCommonStart(entries.flatMap(({ alerts = [] }) => alerts))
  const inWords = (alert: string) => cutCamelCase(alert.slice(start.length)).join(' ')
  engine.addAll(
    entries.map(({ title, text, alerts = [], keywords = [], words = '', parts = '', page = '' }, id) => ({
      id,
      names: [title, ...alerts, ...alerts.map(inWords), ...keywords].join('\n'),
      title,
      words: [...alerts, ...keywords, words].join(' '),
      parts,
      page,
      text,
    })),
  )
  return {
    entries: entries.map(({ text: _, words: __, keywords: ___, parts: ____, ...shown }) => shown),
    words: engine.toJSON(),
  }
}
