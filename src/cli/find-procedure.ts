import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { formatPlace } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { findHandbookRoot, readHandbook } from '../handbook/index.ts'
import { mayBeCalled, type Procedure, parseProcedure, readPageNames } from '../procedure/index.ts'
import { choosePage, type NamedPage } from './choose-page.ts'
import { guessNearest } from './guess.ts'
import { UsageError } from './usage-error.ts'

/** A page, and the handbook that it belongs to, if any. */
export interface Found {
  readonly procedure: Procedure
  readonly text: string
  readonly handbook?: Handbook
  /** The alert by whose name it was found, if it was. */
  readonly alert?: string
}

/** The handbook around a folder. Throws a `UsageError` when its file cannot be read. */
export async function openHandbook(cwd: string): Promise<Handbook | undefined> {
  const root = await findHandbookRoot(cwd)
  if (root === undefined) return undefined
  const result = await readHandbook(root)
  if ('handbook' in result) return result.handbook
  const [first] = result.problems
  throw new UsageError(`${first ? `${formatPlace(first)} ${first.message}` : 'handbook.yaml cannot be read'}`)
}

/**
 * Finds a page by its path, its id, the name of an alert that it answers, or its file's name; `look` sees its text before it is
 * parsed. Throws a `UsageError` when there is none, or when a name means several.
 */
export async function findProcedure(
  name: string,
  cwd: string,
  look: (text: string) => void = () => {},
): Promise<Found> {
  if (name.trim() === '') throw new UsageError('The name of the page is empty', 'See handbook list')
  const path = resolve(cwd, name)
  if (/\.mdx?$/.test(name)) {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text === undefined) throw new UsageError(`There is no page ${name}`)
    const handbook = await openHandbook(resolve(path, '..'))
    const inside = handbook && relative(handbook.root, path).split(sep).join('/')
    const mine = inside !== undefined && handbook?.pages.includes(inside) ? { handbook } : {}
    return { procedure: parseProcedure(text, inside ?? relative(cwd, path)), text, ...mine }
  }
  const handbook = await openHandbook(cwd)
  if (!handbook)
    throw new UsageError(
      `There is no handbook here to look for ${name} in`,
      'Go into its folder, or give the path of a page',
    )
  const found = findByName(handbook, name, cwd) ?? (await giveUp(handbook, name))
  const { path: page, text } = found
  if (text === undefined) throw unreadable(page)
  look(text)
  const procedure = parseProcedure(text, page)
  return { procedure, text, handbook, ...(procedure.alerts.includes(name) ? { alert: name } : {}) }
}

/** Every page of a handbook, parsed. Throws a `UsageError` when one cannot be read. */
export async function readProcedures(handbook: Handbook): Promise<Procedure[]> {
  return Promise.all(
    handbook.pages.map(async page => {
      const text = await readFile(join(handbook.root, page), 'utf8').catch(() => undefined)
      if (text === undefined) throw unreadable(page)
      return parseProcedure(text, page)
    }),
  )
}

function unreadable(page: string): UsageError {
  return new UsageError(`The page ${page} cannot be read`)
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

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

async function giveUp(handbook: Handbook, name: string): Promise<never> {
  const ids = (await readProcedures(handbook)).filter(({ phases }) => phases.length > 0).map(({ id }) => id)
  throw new UsageError(`No page or alert is called ${name}`, guessNearest(name, ids))
}
