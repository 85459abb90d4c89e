import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { getuid } from 'node:process'

/** A user and a group by number. */
export interface UserNumbers {
  readonly uid: number
  readonly gid: number
}

/** Whom PostgreSQL runs as, and how. */
export interface PostgresUser {
  /** Who must own its files, when not ourselves. */
  readonly owner?: UserNumbers
  /** What to spawn it with. */
  readonly spawn: Partial<UserNumbers>
  /** What to put before its command. */
  readonly prefix: readonly string[]
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`, even where a closed home lies above its files. */
export function choosePostgresUser(paths: readonly string[]): PostgresUser {
  if (getuid?.() !== 0) return { spawn: {}, prefix: [] }
  const owner = readNobody()
  if (paths.every(isReachableByAll)) return { owner, spawn: owner, prefix: [] }
  return { owner, spawn: {}, prefix: runAsNobody() }
}

/** What to put before a command so that root's lab runs it as `nobody`, with the right to use what root made for it. */
export function runAsNobody(): readonly string[] {
  const { uid, gid } = readNobody()
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...PASS_CLOSED_FOLDERS]
}

/** The right to pass closed folders, made to count for access(2) too, by which the server looks for itself. */
const PASS_CLOSED_FOLDERS = [
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
  '--securebits=+no_setuid_fixup',
]

function readNobody(): UserNumbers {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find(line => line.startsWith('nobody:'))
  const [, , uid = '65534', gid = '65534'] = entry?.split(':') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

function isReachableByAll(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
