import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What a command in containment may see and write. */
export interface Containment {
  /** The one folder that it may write into. */
  readonly writable: string
  /** Folders that it needs, wherever they are. */
  readonly needed: readonly string[]
  /** Files that it must not read. */
  readonly hidden: readonly string[]
}

/**
 * The words before a command, after which it can write nowhere but into one folder. Every mount is read-only, devices are only the harmless
 * ones, other processes are out of reach, and so are the sockets of this machine's services under /run. The network is not closed.
 */
export function contain({ writable, needed, hidden }: Containment): readonly string[] {
  const names = findNames()
  return [
    ...['bwrap', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/run'],
    ...[...needed, ...names].flatMap(path => ['--ro-bind-try', path, path]),
    ...hidden.filter(existsSync).flatMap(path => ['--ro-bind', '/dev/null', path]),
    ...['--bind', writable, writable],
    ...['--unshare-pid', '--unshare-ipc', '--cap-drop', 'ALL', '--die-with-parent', '--'],
  ]
}

/** Tries whether a command in containment can write where it may, and nowhere else, behind those words. Gives why not, or nothing. */
export async function findLeak(
  within: readonly string[],
  { writable, ...containment }: Containment,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const elsewhere = mkdtempSync(join(tmpdir(), 'handbook-contained-'))
  const own = join(writable, 'tried')
  const other = join(elsewhere, 'tried')
  try {
    const [command = '', ...args] = [
      ...within,
      ...contain({ writable, ...containment }),
      'sh',
      '-c',
      TRY,
      'sh',
      own,
      other,
    ]
    await promisify(execFile)(command, args, { env, timeout: PATIENCE })
    if (existsSync(other)) return 'a command in bubblewrap wrote elsewhere'
    return existsSync(own) ? undefined : 'a command in bubblewrap did not write at all'
  } catch (error) {
    const said: unknown = Object(error).stderr || Object(error).message
    return String(said).trim().split('\n').at(-1)
  } finally {
    rmSync(elsewhere, { recursive: true, force: true })
    rmSync(own, { force: true })
  }
}

const TRY = 'touch "$1"; touch "$2" 2>/dev/null || true'
const PATIENCE = 5000

/** The file that names the servers of names, when it is among what is hidden. */
function findNames(): string[] {
  try {
    const file = realpathSync('/etc/resolv.conf')
    return file.startsWith('/run/') ? [file] : []
  } catch {
    return []
  }
}
