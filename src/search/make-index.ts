import MiniSearch from 'minisearch'
import { OPTIONS, type SearchEntry, type SearchIndex } from './entry.ts'
import { cutCamelCase, findCommonStart, joinWords, sortWords } from './words.ts'

/** The index of these entries. */
export function makeSearchIndex(entries: readonly SearchEntry[]): SearchIndex {
  const engine = new MiniSearch(OPTIONS)
  const start = findCommonStart(entries.flatMap(({ alerts = [] }) => alerts))
  const inWords = (alert: string) => cutCamelCase(alert.slice(start.length)).join(' ')
  engine.addAll(
    entries.map(({ url, title, text, alerts = [], keywords = [], words = '', parts = '', page = '' }, id) => ({
      id,
      names:
        page === ''
          ? spellNames([title, sayAddress(url), ...alerts, ...alerts.map(inWords), ...keywords.slice(0, 1)])
          : title,
      also: spellNames(keywords.slice(1)),
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

/** Names, a line each: as they are, and as they are found in any order. Headings, of which there are many, are found as they are. */
function spellNames(names: readonly string[]): string {
  return [...new Set(names.flatMap(name => [joinWords(name), sortWords(name)]))].join('\n')
}

/** The last part of a page's address, which is its name, too: `bad deployment` of `/runbooks/bad-deployment`. */
function sayAddress(url: string): string {
  return (url.replace(/\/$/, '').split('/').at(-1) ?? '').replaceAll('-', ' ')
}
