import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Actor } from '../journal/index.ts'
import { judgeActor } from './judge-actor.ts'

/** Who has a lock, and for which run. */
export interface Holder extends Actor {
  readonly run: string
  /** ISO 8601, UTC. */
  readonly since: string
}

/** A lock that is held now, perhaps after somebody who is gone; or who holds it. */
export type Claim =
  | { readonly held: true; readonly after?: Holder; release(): void }
  | { readonly held: false; readonly holder: Holder; readonly file: string }

/**
 * Takes a lock: a folder with a numbered file for each holder there was, of which the highest counts. A holder who is proven gone is
 * followed by the next number, which only one can create; so two who find the same one gone cannot both have it. Throws when the
 * folder cannot be written.
 */
export function claimLock(folder: string, holder: Holder): Claim {
  mkdirSync(folder, { recursive: true })
  for (;;) {
    const last = findLast(folder)
    const before = last === 0 ? undefined : readHolder(join(folder, String(last)))
    if (before && judgeActor(before) !== 'gone')
      return { held: false, holder: before, file: join(folder, String(last)) }
    const file = join(folder, String(last + 1))
    if (!create(file, holder)) continue
    // Somebody may have been through several numbers since we looked.
    if (findLast(folder) !== last + 1) {
      rmSync(file, { force: true })
      continue
    }
    for (const name of listNumbers(folder)) if (name <= last) rmSync(join(folder, String(name)), { force: true })
    const release = () => replace(file, { released: new Date().toISOString() })
    return before ? { held: true, after: before, release } : { held: true, release }
  }
}

function findLast(folder: string): number {
  return Math.max(0, ...listNumbers(folder))
}

function listNumbers(folder: string): number[] {
  return readdirSync(folder).flatMap(name => (/^\d+$/.test(name) ? Number(name) : []))
}

/** The holder of a lock, unless it was released. */
function readHolder(file: string): Holder | undefined {
  try {
    const content: Holder | { readonly released: string } = JSON.parse(readFileSync(file, 'utf8'))
    return 'released' in content ? undefined : content
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Creates a file with all its content at once; false when it is there already. */
function create(file: string, content: object): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(content)}\n`)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A released lock stays as the highest number: numbers are never used twice. */
function replace(file: string, content: object): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(content)}\n`)
  renameSync(draft, file)
}
