import { appendFileSync, closeSync, fsyncSync, openSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Actor } from '../event.ts'
import { type Holder, judgeActor, type LeaseSubject, type Unlocked, type Unlocking } from '../lease.ts'
import { findLast, readLeaseFile } from './lease-file.ts'
import { draftOf, type Places } from './places.ts'
import { APPENDS, makeFolder, shareFile } from './share.ts'

/**
 * Clears a lease whose holder cannot be judged from here, or that is damaged. One whose holder runs on this machine stays. Rejects when
 * nothing can be written there.
 */
export function unlock(
  places: Places,
  subject: LeaseSubject,
  { by, reason, now }: { readonly by: Actor; readonly reason: string; readonly now: Date },
): Unlocking {
  const folder = places.lease(subject)
  const found = look(folder)
  if (found === 'free') return { state: 'free' }
  const holder = found === 'damaged' ? undefined : found.holder
  if (holder && judgeActor(holder) === 'alive') return { state: 'alive', holder }
  const unlocked = { time: now.toISOString(), by, reason, subject, ...(holder ? { holder } : {}) }
  clear(folder, now)
  const unrecorded = record(places.unlocked, unlocked)
  return { state: 'cleared', unlocked, ...(unrecorded === undefined ? {} : { unrecorded }) }
}

/** Who holds a lease, if anybody can tell. */
function look(folder: string): 'free' | 'damaged' | { readonly holder: Holder } {
  let last: number
  try {
    last = findLast(folder)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'free' : 'damaged'
  }
  const file = last === 0 ? undefined : readLeaseFile(join(folder, String(last)))
  if (file === undefined || file.state === 'released') return 'free'
  return file.state === 'damaged' ? 'damaged' : { holder: file.holder }
}

/** The next number is one that was given back: whoever held the lease sees that it lost it. What is no folder at all is put aside. */
function clear(folder: string, now: Date): void {
  try {
    readdirSync(folder)
  } catch {
    renameSync(folder, draftOf(folder))
    makeFolder(folder)
  }
  const content = { released: now.toISOString(), gone: [] }
  const file = join(folder, String(findLast(folder) + 1))
  writeFileSync(file, `${JSON.stringify(content)}\n`, { flag: 'wx' })
  shareFile(file)
}

/** Why it could not be recorded, if so: the lease is clear all the same. */
function record(file: string, unlocked: Unlocked): string | undefined {
  try {
    makeFolder(dirname(file))
    const opened = openSync(file, APPENDS, 0o600)
    shareFile(file)
    try {
      appendFileSync(opened, `${JSON.stringify(unlocked)}\n`)
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The leases that somebody cleared, oldest first. Rejects when that cannot be read. */
export async function listUnlocked({ unlocked }: Pick<Places, 'unlocked'>): Promise<Unlocked[]> {
  const text = await readFile(unlocked, 'utf8').catch(error => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}
