import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { getuid } from 'node:process'

/** A user and a group by number. */
export interface UserNumbers {
  readonly uid: number
  readonly gid: number
}

/** The account of PostgreSQL, and how to start it there. */
export interface PostgresUser {
  /** The owner of its files, if not our own account. */
  readonly owner?: UserNumbers
  /** The options for spawning it. */
  readonly spawn: Partial<UserNumbers>
  /** The words before its command. */
  readonly prefix: readonly string[]
}

/** PostgreSQL refuses to run as root. Then it runs as `nobody`, even when its files are below a closed home folder. */
export function choosePostgresUser(paths: readonly string[]): PostgresUser {
  if (getuid?.() !== 0) return { spawn: {}, prefix: [] }
  const owner = readNobody()
  if (paths.every(isReachableByAll)) return { owner, spawn: owner, prefix: [] }
  return { owner, spawn: {}, prefix: runAsNobody() }
}

/** The words before a command that make root's lab run it as `nobody`, with access to the files of root. */
export function runAsNobody(): readonly string[] {
  const { uid, gid } = readNobody()
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...PASS_CLOSED_FOLDERS]
}

/** The right to enter closed folders. It also counts for access(2), which the server uses itself. */
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
