import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, rmdir, statfs, symlink } from 'node:fs/promises'
import { sep } from 'node:path'
import { getuid } from 'node:process'
import { promisify } from 'node:util'
import { LabError } from '../../lab-port/index.ts'
import type { LabPaths } from '../plan/lab-plan.ts'
import type { LabProgram } from '../processes/managed-process.ts'
import type { ProcessRegistry } from '../processes/process-registry.ts'
import type { Storage } from '../status.ts'

/** The options for making the volume. */
interface VolumeOptions {
  readonly paths: LabPaths
  readonly sizeBytes: number
  readonly env: Readonly<Record<string, string>>
  readonly log: string
  readonly signal: AbortSignal
  readonly registry: ProcessRegistry
}

/**
 * Makes a small volume that can really fill up, or says why it is an ordinary folder. The volume is a tmpfs. Root mounts it, and other
 * users mount it in a namespace of their own. All processes of that user reach it through /proc/PID/root.
 */
export async function makeVolume(options: VolumeOptions): Promise<Storage> {
  const { paths, sizeBytes } = options
  await mkdir(paths.volume, { recursive: true })
  const reasons: string[] = []
  for (const make of getuid?.() === 0 ? [mountAsRoot, mountInNamespace] : [mountInNamespace]) {
    try {
      await make(options)
      await mkdir(paths.storage)
      return { kind: 'volume', sizeBytes }
    } catch (error) {
      options.signal.throwIfAborted()
      reasons.push(lastLine(error))
    }
  }
  await mkdir(paths.storage, { recursive: true })
  return { kind: 'folder', reason: `no volume could be mounted: ${reasons.join('; ')}` }
}

async function mountAsRoot({ paths, sizeBytes, env }: VolumeOptions): Promise<void> {
  await mkdir(paths.mount)
  try {
    await promisify(execFile)('mount', [...tmpfs(sizeBytes), paths.mount], { env })
  } catch (error) {
    await rmdir(paths.mount)
    throw error
  }
}

/**
 * The mount point is on a second tmpfs, so that outside the namespace the same path can be a link into it. `df` looks at the mount point by
 * its path and would otherwise show the disk below.
 */
async function mountInNamespace(options: VolumeOptions): Promise<void> {
  const { paths, sizeBytes, env, log, registry } = options
  const inside = (pid: number) => `/proc/${pid}/root${paths.mount}`
  const program: LabProgram = {
    name: 'volume',
    command: [
      'unshare',
      '--map-current-user',
      '--keep-caps',
      '--mount',
      'sh',
      '-euc',
      HOLD,
      paths.volume,
      paths.mount,
      ...tmpfs(sizeBytes),
    ],
    cwd: paths.directory,
    env,
    log,
    isReady: async () => {
      const pid = holder.known?.pid
      return pid !== undefined && (await sizeOf(inside(pid))) === sizeBytes
    },
  }
  const holder = registry.add(program)
  await holder.start()
  const pid = holder.known?.pid
  if (pid === undefined) throw new LabError('part-failed', 'the volume ended right after its start')
  await symlink(inside(pid), paths.mount)
}

/** Called with the outer folder as $0, the mount point as $1, and the arguments of `mount` after it. */
const HOLD = `
  mount -t tmpfs -o size=64k,mode=0755 upload-bridge-lab "$0"
  point=$1; shift
  mkdir "$point"
  mount "$@" "$point"
  exec sleep infinity`

function tmpfs(sizeBytes: number): readonly string[] {
  return ['-t', 'tmpfs', '-o', `size=${sizeBytes},nr_inodes=65536,mode=0755`, 'upload-bridge-lab']
}

async function sizeOf(path: string): Promise<number | undefined> {
  return statfs(path).then(
    ({ blocks, bsize }) => blocks * bsize,
    () => undefined,
  )
}

/** The last line of an error: there programs name the reason. */
function lastLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.trim().split('\n').at(-1)?.trim() ?? message
}

/** The mount points in a folder, the deepest first. */
export function listMounts(folder: string): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map(line => unescapeOctal(line.split(' ')[4] ?? ''))
    .filter(path => path === folder || path.startsWith(`${folder}${sep}`))
    .reverse()
}

/** Unmounts everything in a folder. A mount in use disappears now and ends with its last user. */
export async function unmountAll(folder: string): Promise<void> {
  for (const path of listMounts(folder)) {
    const umount = promisify(execFile)
    await umount('umount', [path]).catch(() => umount('umount', ['--lazy', path]))
  }
}

/** Decodes a path from the kernel, which writes a space as `\040`. */
function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)))
}
