import { readFile } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import { formatPlace } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { findHandbookRoot, readHandbook } from '../handbook/index.ts'
import { type Procedure, parseProcedure } from '../procedure/index.ts'
import { guess } from './guess.ts'
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
 * Finds a page by its path, its id, or the name of an alert that it answers; `look` sees its text before it is parsed. Throws a
 * `UsageError` when there is none.
 */
export async function findProcedure(
  name: string,
  cwd: string,
  look: (text: string) => void = () => {},
): Promise<Found> {
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
  return (await findById(handbook, name, look)) ?? (await findByAlert(handbook, name, look)) ?? giveUp(handbook, name)
}

/** Every page of a handbook, parsed. */
export async function readProcedures(handbook: Handbook): Promise<Procedure[]> {
  return Promise.all(
    handbook.pages.map(async page => parseProcedure(await readFile(join(handbook.root, page), 'utf8'), page)),
  )
}

type Look = (text: string) => void

async function findById(handbook: Handbook, id: string, look: Look): Promise<Found | undefined> {
  const page = handbook.pages.find(page => basename(page).replace(/\.mdx?$/, '') === id)
  return page === undefined ? undefined : read(handbook, page, look)
}

/** By an alert, or by an id that the page's front matter gives. */
async function findByAlert(handbook: Handbook, alert: string, look: Look): Promise<Found | undefined> {
  for (const page of handbook.pages) {
    const text = await readFile(join(handbook.root, page), 'utf8')
    if (!text.includes(alert)) continue
    const found = await read(handbook, page, look)
    if (found.procedure.alerts.includes(alert)) return { ...found, alert }
    if (found.procedure.id === alert) return found
  }
  return undefined
}

async function read(handbook: Handbook, page: string, look: Look): Promise<Found> {
  const text = await readFile(join(handbook.root, page), 'utf8')
  look(text)
  return { procedure: parseProcedure(text, page), text, handbook }
}

async function giveUp(handbook: Handbook, name: string): Promise<never> {
  const ids = (await readProcedures(handbook)).filter(({ phases }) => phases.length > 0).map(({ id }) => id)
  throw new UsageError(`No page or alert is called ${name}`, guess(name, ids))
}
