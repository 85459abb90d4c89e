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
