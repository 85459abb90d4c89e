import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Way } from './network/open-way.ts'

/** What a command in containment may see and write. */
export interface Containment {
  /** The one folder that it may write into. */
  readonly writable: string
  /** Folders that it needs, wherever they are. */
  readonly needed: readonly string[]
  /** Files that it must not read, and sockets that it must not reach. */
  readonly hidden: readonly string[]
  /** What it reaches of the network. */
  readonly way: Pick<Way, 'words' | 'hosts'>
}

/**
 * The words before a command, after which it can write nowhere but into one folder. Every mount is read-only, devices are only the harmless
 * ones, other processes are out of reach, and so are the sockets of this machine's services under /run. Of the network it has the way's end.
 */
export function contain({ writable, needed, hidden, way }: Containment): readonly string[] {
  return [
    ...way.words,
    ...['bwrap', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/run'],
    ...needed.flatMap(path => ['--ro-bind-try', path, path]),
    ...['--ro-bind', way.hosts, '/etc/hosts', '--tmpfs', dirname(way.hosts)],
    ...hidden.filter(existsSync).flatMap(path => ['--ro-bind', '/dev/null', realpathSync(path)]),
    ...['--bind', writable, writable],
    ...['--unshare-pid', '--unshare-ipc', '--cap-drop', 'ALL', '--die-with-parent', '--'],
  ]
}

/**
 * Tries whether a command in containment can write where it may, and nowhere else, behind those words, and that it does not reach a port that nobody
 * named. Gives why not, or nothing.
 */
export async function findLeak(
  within: readonly string[],
  { writable, ...containment }: Containment,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const elsewhere = mkdtempSync(join(tmpdir(), 'handbook-contained-'))
  const own = join(writable, 'tried')
  const other = join(elsewhere, 'tried')
  let isReached = false
  const port = createServer(socket => {
    isReached = true
    socket.destroy()
  })
  try {
    await new Promise<void>((resolve, reject) => port.once('error', reject).listen(0, '127.0.0.1', resolve))
    const unnamed = String(Object(port.address()).port)
    const [command = '', ...args] = [
      ...within,
      ...contain({ writable, ...containment }),
      ...['bash', '-c', TRY, 'bash', own, other, unnamed],
    ]
    await promisify(execFile)(command, args, { env, timeout: PATIENCE })
    if (existsSync(other)) return 'a command in bubblewrap wrote elsewhere'
    if (isReached) return 'a command in bubblewrap reached a port that the environment does not name'
    return existsSync(own) ? undefined : 'a command in bubblewrap did not write at all'
  } catch (error) {
    const said: unknown = Object(error).stderr || Object(error).message
    return String(said).trim().split('\n').at(-1)
  } finally {
    port.close()
    rmSync(elsewhere, { recursive: true, force: true })
    rmSync(own, { force: true })
  }
}

const TRY = 'touch "$1"; touch "$2" 2>/dev/null || true; (: </dev/tcp/127.0.0.1/"$3") 2>/dev/null || true'
const PATIENCE = 5000
