import type { HandbookFile } from '../environments/index.ts'

/** The secrets that a block may find: those that every environment names, and those of single environments. */
export function listSecrets({
  secrets,
  environments,
}: HandbookFile): (readonly [name: string, source: { readonly for: 'read' | 'change' }])[] {
  return [secrets, ...Object.values(environments).map(({ secrets }) => secrets)].flatMap(each => Object.entries(each))
}
