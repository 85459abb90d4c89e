/** The words that an author wrote behind a fence's language. */
export interface BlockMeta {
  readonly values: ReadonlyMap<string, string>
  readonly flags: ReadonlySet<string>
  /** Words that are neither a known `key=value` nor a known flag. */
  readonly unknown: readonly string[]
}

const KEYS = [
  'risk',
  'timeout',
  'retries',
  'every',
  'file',
  'undoes',
  'when',
  'irreversible',
  'leaves',
  'item',
  'breaks',
  'title',
  'static',
]
const FLAGS = ['temporary', 'static', 'showLineNumbers']

/** Every word that may stand behind a language. */
export const META_WORDS: readonly string[] = [...new Set([...KEYS, ...FLAGS])]

/** Reads `risk=danger timeout=2m title="x" temporary {1,3}`; Docusaurus' own words are let through. */
export function parseBlockMeta(meta: string): BlockMeta {
  const values = new Map<string, string>()
  const flags = new Set<string>()
  const unknown: string[] = []
  for (const [word, key, quoted, single, bare, highlight] of meta.matchAll(
    /([^\s=]+)=(?:"([^"]*)"|'([^']*)'|(\S*))|(\{[\d,\s-]*\})|\S+/g,
  )) {
    if (highlight) continue
    if (key && KEYS.includes(key) && !values.has(key)) values.set(key, quoted ?? single ?? bare ?? '')
    else if (FLAGS.includes(word)) flags.add(word)
    else unknown.push(word)
  }
  return { values, flags, unknown }
}
