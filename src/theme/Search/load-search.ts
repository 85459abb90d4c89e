import type { Find } from '../../search/index.ts'

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
 * The search for what nobody has typed, such as the end of a wrong address. It knows the names of pages only: they are
 * so few that their index is made here, and need not be loaded.
 */
export async function loadNearest(): Promise<Find> {
  const [{ makeSearchIndex, openSearch }, { default: names }] = await Promise.all([
    import('../../search/index.ts'),
    import('@generated/handbook/default/search-names.json'),
  ])
  const find = openSearch(makeSearchIndex(names))
  return typed => {
    const answer = find(typed)
    // Nothing is near to the name of an alert but what answers alerts.
    return answer.unknownName === undefined || answer.hits.some(({ alerts }) => alerts)
      ? answer
      : { ...answer, hits: [] }
  }
}
