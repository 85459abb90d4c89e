import MiniSearch from 'minisearch'
import { OPTIONS, type SearchEntry, type SearchIndex } from './entry.ts'

/** The index of these entries. */
export function makeSearchIndex(entries: readonly SearchEntry[]): SearchIndex {
  const engine = new MiniSearch(OPTIONS)
  engine.addAll(
    entries.map(({ title, text, alerts = [], keywords = [], words = '', parts = '', page = '' }, id) => ({
      id,
      names: [title, ...alerts, ...keywords].join('\n'),
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
