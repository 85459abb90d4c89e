import { relative, resolve } from 'node:path'
import { nameFile, type PageNames } from '../procedure/index.ts'
import { UsageError } from './usage-error.ts'

/** A page of a handbook, and what it is called by. */
export interface NamedPage extends PageNames {
  /** Relative to the handbook's root. */
  readonly path: string
}

/**
 * The page that a name means, if there is one: by its id or an alert that it answers, else by its file's name. Throws a `UsageError`
 * when the name means several, for one of them would be the wrong one.
 */
export function choosePage<Page extends NamedPage>(
  name: string,
  pages: readonly Page[],
  { root, cwd }: { readonly root: string; readonly cwd: string },
): Page | undefined {
  const found = findCalled(name, pages)
  if (found.length < 2) return found[0]
  const show = ({ path }: NamedPage) => relative(cwd, resolve(root, path)) || path
  const listed = found.map(page => `${show(page)} (${sayWhy(name, page)})`)
  throw new UsageError(`${name} means ${found.length} pages: ${listed.join(', ')}`, 'Give the path of the one you mean')
}

/** Every page that a name means. */
export function findCalled<Page extends NamedPage>(name: string, pages: readonly Page[]): Page[] {
  const named = pages.filter(({ id, alerts }) => id === name || alerts.includes(name))
  return named.length > 0 ? named : pages.filter(({ path }) => nameFile(path) === name)
}

function sayWhy(name: string, { id, alerts }: NamedPage): string {
  if (id === name) return 'its id'
  return alerts.includes(name) ? 'an alert of it' : `its file; its id is ${id}`
}
