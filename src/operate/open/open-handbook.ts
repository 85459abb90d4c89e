import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { formatPlace } from '../../base/index.ts'
import type { Handbook } from '../../environments/index.ts'
import { findHandbookRoot, readHandbook } from '../../handbook/index.ts'
import { createFileStore, createStoreInTwoPlaces, type RunStore } from '../../journal/index.ts'
import { type Procedure, parseProcedure } from '../../procedure/index.ts'
import { UsageError } from '../errors.ts'
import type { Variables } from '../ports.ts'

/** The handbook around a folder, if there is one. Throws a `UsageError` when its file cannot be read. */
export async function openHandbook(cwd: string): Promise<Handbook | undefined> {
  const root = findHandbookRoot(cwd)
  if (root === undefined) return undefined
  const result = await readHandbook(root)
  if ('handbook' in result) return result.handbook
  const [first] = result.problems
  throw new UsageError(`${first ? `${formatPlace(first)} ${first.message}` : 'handbook.yaml cannot be read'}`)
}

/** The handbook around a folder. Throws a `UsageError` when there is none. */
export async function demandHandbook(cwd: string): Promise<Handbook> {
  const handbook = await openHandbook(cwd)
  if (handbook) return handbook
  throw new UsageError('There is no handbook here', 'Go into the folder of a handbook.yaml')
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

/** A page that cannot be read. */
export function unreadable(page: string): UsageError {
  return new UsageError(`The page ${page} cannot be read`)
}

/** Where rules are, unless `handbook.yaml` says it. */
const RULES = 'static/monitoring'

/** The folder of the rules that a lab of this handbook takes. Throws a `UsageError` when it is not there. */
export async function findRulesFolder({ root, file }: Pick<Handbook, 'root' | 'file'>): Promise<string> {
  const [name = RULES] = file.rules
  const found = await stat(join(root, name)).catch(() => undefined)
  if (found?.isDirectory()) return join(root, name)
  throw new UsageError(
    `The lab takes its alert rules from a folder, and ${name} is ${found ? 'none' : 'not there'}`,
    `Name one first under rules: in handbook.yaml`,
  )
}

/**
 * The store of a handbook's runs. If the handbook's folder cannot be written, it uses the user's own state folder. Outside any handbook,
 * all is in that state folder.
 */
export function findStore(root: string | undefined, env: Variables): RunStore {
  const state = join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'handbook')
  if (root === undefined) return createFileStore(join(state, 'runs'))
  const checkout = `${basename(root)}-${createHash('sha256').update(resolve(root)).digest('hex').slice(0, 8)}`
  return createStoreInTwoPlaces(join(root, '.handbook', 'runs'), join(state, 'checkouts', checkout, 'runs'))
}
