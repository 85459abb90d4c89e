import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { execPath } from 'node:process'
import { promisify } from 'node:util'
import { LabError } from '../../lab-port/index.ts'
import type { DatabaseVolume } from '../kit/fault.ts'
import type { LabPaths, LabPlan } from '../plan/lab-plan.ts'

/** The size of the storage volume. */
export const VOLUME_BYTES = 256 * 1024 * 1024

/** The size of the volume that only PostgreSQL uses, and of the file on it that keeps room for a night on which it is full. */
export const DATABASE_BYTES = 768 * 1024 * 1024
const RESERVE_BYTES = 64 * 1024 * 1024

/** Where everything is on the machine: as the page, the units and the shipped configuration say. */
export const MACHINE = {
  configuration: '/etc/upload-bridge',
  config: '/etc/upload-bridge/upload-bridge.yaml',
  administrator: '/etc/upload-bridge/database-administrator-url',
  operatorKey: '/etc/upload-bridge/operator.key',
  readKey: '/etc/upload-bridge/handbook.key',
  metricsKey: '/etc/upload-bridge/prometheus.key',
  releases: '/opt/upload-bridge/releases',
  mount: '/srv/upload-bridge',
  storage: '/srv/upload-bridge/storage',
  state: '/var/lib/upload-bridge',
  units: '/etc/systemd/system',
  database: '/var/lib/postgresql/data',
} as const

/** The plan with the machine's paths in place of those in the lab's folder, and with its address. */
export function planMachine(plan: LabPlan): LabPlan {
  const { config, releases, mount, storage, administrator } = MACHINE
  const paths: LabPaths = { ...plan.paths, config, releases, mount, storage, administrator }
  return { ...plan, metricsKeyFile: MACHINE.metricsKey, url: `https://127.0.0.1:${plan.ports.proxy}`, paths }
}

/**
 * Lays a file system of its own over the parts of this one that a machine of Upload Bridge changes. This process must be in a mount namespace
 * of its own: nobody else sees it, and it ends with its last process. The volume for the bytes is mounted, as on a machine before the page. With the archive of an image, everything else is as
 * it was on that machine. Throws a `LabError` when that cannot be unpacked.
 */
export async function makeMachine({ paths, env }: Pick<LabPlan, 'paths' | 'env'>, archive = ''): Promise<void> {
  const node = existsSync('/usr/bin/node') ? '' : execPath
  const args = [
    '-euc',
    SCRIPT,
    'machine',
    stageOf(paths),
    paths.directory,
    String(VOLUME_BYTES),
    String(DATABASE_BYTES),
    node,
    archive,
  ]
  await promisify(execFile)('sh', args, { env }).catch(error => {
    const reason = String(error.stderr ?? error)
      .trim()
      .split('\n')[0]
    const hint = archive === '' ? '' : `; its image may be damaged: remove ${dirname(archive)}`
    throw new LabError('part-failed', `the file system of the lab could not be made: ${reason}${hint}`, {
      cause: error,
    })
  })
}

/** Writes the archive of this machine, for an image: its own files, and the database, which must be stopped. */
export async function archiveMachine({ paths, env }: Pick<LabPlan, 'paths' | 'env'>, archive: string): Promise<void> {
  const layers = LAYERS.map(folder => `./${folder.replaceAll('/', '-')}/upper`)
  const [database, data] = [dirname(MACHINE.database), `./${basename(MACHINE.database)}`]
  const args = [
    '--create',
    ...TAR,
    '--file',
    archive,
    '--directory',
    stageOf(paths),
    ...layers,
    '--directory',
    database,
    data,
  ]
  await promisify(execFile)('tar', args, { env })
}

/** The folders of this machine that the one of the lab changes. */
const LAYERS = ['/etc', '/opt', '/srv', '/var/lib'] as const
/** Owners by number; and what of an overlay hides a folder below it. */
const TAR = ['--numeric-owner', '--xattrs', '--xattrs-include=trusted.overlay.opaque'] as const

function stageOf(paths: LabPaths): string {
  return join(paths.directory, 'machine')
}

const RESERVE = join(dirname(MACHINE.database), 'reserve')

/** The file beside PostgreSQL's data that keeps room. */
export const reserve: DatabaseVolume['reserve'] = {
  release: () => rm(RESERVE, { force: true }),
  make: () => writeFile(RESERVE, Buffer.alloc(RESERVE_BYTES)),
}

/**
 * Called with a folder to work in, the lab's folder, the sizes of the two volumes, Node.js when it is not where the units expect it, and the
 * archive of an image.
 */
const SCRIPT = `
stage=$1; lab=$2; size=$3; database=$4; node=$5; archive=$6
mkdir -p "$stage"
mount -t tmpfs -o size=1g,mode=0755 upload-bridge-machine "$stage"
mkdir "$stage/lab"
[ -z "$archive" ] || tar --extract ${TAR.join(' ')} --file "$archive" --directory "$stage" --exclude './data'
mount --bind "$lab" "$stage/lab"
for folder in ${LAYERS.join(' ')} \${node:+/usr/bin}; do
  layer=$stage/$(echo "$folder" | tr / -)
  mkdir -p "$layer/upper" "$layer/work"
  mount -t overlay -o "lowerdir=$folder,upperdir=$layer/upper,workdir=$layer/work" upload-bridge-machine "$folder"
  case $lab/ in "$folder"/*) mount --bind "$stage/lab" "$lab" ;; esac
done
[ -z "$node" ] || { : > /usr/bin/node; mount --bind "$node" /usr/bin/node; }
[ -n "$archive" ] || rm -rf /etc/upload-bridge /opt/upload-bridge /var/lib/upload-bridge
mkdir -p /etc/systemd/system /srv/upload-bridge
mount -t tmpfs -o "size=$size,nr_inodes=65536,mode=0755" upload-bridge-lab /srv/upload-bridge
mkdir -p /var/lib/postgresql
mount -t tmpfs -o "size=$database,mode=0755" upload-bridge-database /var/lib/postgresql
[ -z "$archive" ] || tar --extract ${TAR.join(' ')} --file "$archive" --directory /var/lib/postgresql ./data`
