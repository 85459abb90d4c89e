import type { Find, SearchEntry } from '../../search/index.ts'

let loading: Promise<Find> | undefined

/** The search. Its index is a script, which is loaded when somebody first wants it; when that fails, the next one tries again. */
export function loadSearch(): Promise<Find> {
  loading ??= load().catch(error => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<Find> {
  const [{ openSearch }, { default: index }] = await Promise.all([
    import('../../search/index.ts'),
    import('@generated/handbook/default/search-index.json'),
  ])
  return openSearch(index)
}

/**
 * The search for what somebody has not typed, such as the end of a wrong address: first among the names of pages, which are few, and only
 * when none is near in the index of all words.
 */
export async function loadNearest(words: string): Promise<Find> {
  const [{ makeSearchIndex, openSearch }, entries] = await Promise.all([import('../../search/index.ts'), listNames()])
  const find = openSearch(makeSearchIndex(entries))
  return find(words).hits.length > 0 ? find : loadSearch()
}

/** Every page that an address may have meant, by its name. */
async function listNames(): Promise<SearchEntry[]> {
  const [{ default: cards }, { default: guides }] = await Promise.all([
    import('@generated/handbook/default/cards.json'),
    import('@generated/handbook/default/guides.json'),
  ])
  const known = new Set(cards.map(({ permalink }) => permalink))
  const others = guides.filter(({ permalink }) => !known.has(permalink))
  return [
    ...cards.map(({ permalink: url, title, kind, alerts }) => ({
      url,
      title,
      kind: kind === 'page' ? ('guide' as const) : kind,
      ...(alerts.length > 0 ? { alerts: alerts.map(({ name }) => name) } : {}),
      text: '',
    })),
    ...others.map(({ permalink: url, title }) => ({ url, title, kind: 'guide' as const, text: '' })),
  ]
}
