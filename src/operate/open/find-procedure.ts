import { readFileSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import type { Handbook } from '../../environments/index.ts'
import { HANDBOOK_FILE } from '../../environments/pure.ts'
import {
  mayBeCalled,
  nameFile,
  type PageNames,
  type Procedure,
  parseProcedure,
  readPageNames,
} from '../../procedure/index.ts'
import { findNearest, guessNearest, UsageError } from '../errors.ts'
import { openHandbook, readProcedures, unreadable } from './open-handbook.ts'

/** A page, and the handbook that it belongs to, if any. */
export interface Found {
  readonly procedure: Procedure
  readonly text: string
  readonly handbook?: Handbook
  /** The file of a handbook around the page, of which it is no page. */
  readonly besides?: string
  /** The alert by whose name it was found, if it was. */
  readonly alert?: string
}

/**
 * Finds a page by its path, its id, the name of an alert that it answers, or its file's name. `look` sees its text before it is parsed.
 * Throws a `UsageError` when there is none, or when a name means several.
 */
export async function findProcedure(
  name: string,
  cwd: string,
  look: (text: string) => void = () => {},
): Promise<Found> {
  if (name.trim() === '') throw new UsageError('The name of the page is empty', 'See handbook list')
  const path = resolve(cwd, name)
  if (/\.mdx?$/.test(name)) {
    const text = readOrNothing(path)
    if (text === undefined) throw new UsageError(`There is no page ${name}`, await guessPath(path, cwd))
    const handbook = await openHandbook(resolve(path, '..'))
    const inside = handbook && relative(handbook.root, path).split(sep).join('/')
    const mine =
      inside !== undefined && handbook?.pages.includes(inside)
        ? { handbook }
        : handbook
          ? { besides: relative(cwd, join(handbook.root, HANDBOOK_FILE)) }
          : {}
    return { procedure: parseProcedure(text, inside ?? relative(cwd, path)), text, ...mine }
  }
  const handbook = await openHandbook(cwd)
  if (!handbook)
    throw new UsageError(
      `There is no handbook here to look for ${name} in`,
      'Go into its folder, or give the path of a page',
    )
  const found =
    findByName(handbook, name, cwd) ?? findByName(handbook, name.normalize(), cwd) ?? (await giveUp(handbook, name))
  const { path: page, text } = found
  if (text === undefined) throw unreadable(page)
  look(text)
  const procedure = parseProcedure(text, page)
  return { procedure, text, handbook, ...(procedure.alerts.includes(name) ? { alert: name } : {}) }
}

/** The page of the handbook around here whose path is nearest to one that is not there. */
async function guessPath(path: string, cwd: string): Promise<string | undefined> {
  const handbook = await openHandbook(cwd).catch(() => undefined)
  if (!handbook) return undefined
  const paths = handbook.pages.map(page => resolve(handbook.root, page))
  const near = findNearest(path, paths) ?? paths.find(page => basename(page) === basename(path))
  return near === undefined ? 'See handbook list' : `Did you mean ${relative(cwd, near)}?`
}

/** A page whose names were read; without its text when it cannot be read, which keeps nobody from running the others. */
interface ReadPage extends NamedPage {
  readonly text: string | undefined
}

/** The page that a name means, read. Only pages that may be called so are looked at any closer: a run waits for this. */
function findByName(handbook: Handbook, name: string, cwd: string): ReadPage | undefined {
  const pages = handbook.pages.flatMap((path): ReadPage[] => {
    const text = readOrNothing(join(handbook.root, path))
    return mayBeCalled(name, text ?? '', path) ? [{ path, text, ...readPageNames(text ?? '', path) }] : []
  })
  return choosePage(name, pages, { root: handbook.root, cwd })
}

/** Every page of a handbook that has an id, read. */
export function findPagesById(
  { root, pages }: Handbook,
  id: string,
): { readonly path: string; readonly text: string }[] {
  return pages.flatMap(path => {
    const text = readOrNothing(join(root, path))
    return text !== undefined && readPageNames(text, path).id === id ? { path, text } : []
  })
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

async function giveUp(handbook: Handbook, name: string): Promise<never> {
  const pages = (await readProcedures(handbook)).filter(({ phases }) => phases.length > 0)
  const ids = pages.map(({ id }) => id)
  const alerts = pages.flatMap(page => page.alerts)
  const isId = ids.some(id => id.toLowerCase() === name.toLowerCase())
  const near = isId ? undefined : findNearest(name, alerts)
  const hint = near === undefined ? guessNearest(name, ids) : `Did you mean the alert ${near}? See also: handbook list`
  throw new UsageError(`No page or alert is called ${name}`, hint)
}

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
