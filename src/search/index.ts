export type { SearchEntry, SearchIndex, ShownEntry } from './entry.ts'
export { type Find, openSearch, type SearchAnswer } from './find.ts'
export { makeSearchIndex } from './make-index.ts'
export { reduceWord } from './words.ts'
