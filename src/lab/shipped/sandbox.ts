import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LabError } from '../../lab-port/index.ts'
import { makeSyscallFilter } from './syscall-filter.ts'
import { demandValue, isOn, readValue, type Unit, wordsOf } from './unit-file.ts'

/** A unit as it is started here. */
export interface Sandbox {
  /** The tools that build the sandbox, each of which becomes the next. */
  readonly before: readonly string[]
  readonly command: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly reloadSignal: NodeJS.Signals
  /** The directives that do not hold here, each with its reason. */
  readonly missing: readonly string[]
}

/** The directives that hold here: by the script below, by `setpriv` and `prlimit`, or by the filter of system calls. */
const HELD = [
  ...['Type', 'User', 'Group', 'ExecStart', 'ExecReload', 'LimitNOFILE', 'UMask', 'StateDirectory', 'ReadWritePaths'],
  ...[
    'CapabilityBoundingSet',
    'NoNewPrivileges',
    'PrivateDevices',
    'PrivateTmp',
    'ProtectClock',
    'ProtectControlGroups',
  ],
  ...['ProtectHome', 'ProtectHostname', 'ProtectKernelLogs', 'ProtectKernelModules', 'ProtectKernelTunables'],
  ...['ProtectProc', 'ProtectSystem', 'WorkingDirectory'],
]
const FILTERED = ['SystemCallArchitectures', 'SystemCallFilter', 'SystemCallErrorNumber', 'RestrictAddressFamilies']

/** The values that are made here, of directives that may have others. */
const MADE: Readonly<Record<string, RegExp>> = {
  CapabilityBoundingSet: /^$/,
  ProtectSystem: /^strict$/,
  ProtectProc: /^invisible$/,
  SystemCallArchitectures: /^native$/,
  SystemCallFilter: /^(?!~)/,
  RestrictAddressFamilies: /^AF_(?:UNIX|INET6?|NETLINK)(?:\s+AF_(?:UNIX|INET6?|NETLINK))*$/,
}
/** All others that protect are switches. */
const SWITCH = /^(?:1|yes|true|on|0|no|false|off)$/i

/** Why a directive does not hold here. */
const REASONS: Readonly<Record<string, string>> = {
  Restart: 'a service that was killed stays down here, as after systemd has given up',
  RestartSec: 'nothing is restarted by itself here',
  RestartPreventExitStatus: 'nothing is restarted by itself here',
  StartLimitIntervalSec: 'nothing is restarted by itself here',
  StartLimitBurst: 'nothing is restarted by itself here',
  TimeoutStopSec: 'the lab waits 10 s',
  RemoveIPC: 'the account has no IPC objects to remove',
  Documentation: '',
  Description: '',
}

/**
 * The command that starts a unit's service as the unit says, with the tools of util-linux: it becomes the service's own process, so that
 * signals reach it. Directives that do not hold here are named.
 */
export async function sandboxUnit(unit: Unit, base: Readonly<Record<string, string>>): Promise<Sandbox> {
  const user = demandValue(unit, 'User')
  const group = readValue(unit, 'Group') ?? user
  const filter = await makeSyscallFilter(unit, base)
  const home = `/var/lib/${readValue(unit, 'StateDirectory') ?? user}`
  const writable = [
    ...wordsOf(unit, 'StateDirectory').map(name => `/var/lib/${name}`),
    ...wordsOf(unit, 'ReadWritePaths'),
  ]
  const { limit, ...unlimited } = await findLimit(unit, base)
  const privileges = [
    `--reuid=${user}`,
    `--regid=${group}`,
    '--init-groups',
    ...(readValue(unit, 'CapabilityBoundingSet') === '' ? ['--inh-caps=-all', '--bounding-set=-all'] : []),
    ...(isOn(unit, 'NoNewPrivileges') ? ['--no-new-privs'] : []),
  ]
  return {
    before: [
      'unshare',
      '--mount',
      ...(isOn(unit, 'ProtectHostname') ? ['--uts'] : []),
      ...['--propagation', 'private', 'sh', '-euc', script(unit), unit.name, writable.join(' ')],
      ...(limit === undefined ? [] : ['prlimit', `--nofile=${limit}`]),
      'setpriv',
      ...privileges,
      ...(typeof filter === 'string' ? [] : filter.command),
    ],
    command: readCommand(unit),
    // As systemd: nothing of whoever starts it.
    env: { PATH: PATH, LANG: 'C.UTF-8', USER: user, LOGNAME: user, HOME: home, SHELL: '/usr/sbin/nologin' },
    cwd: '/',
    reloadSignal: readReload(unit),
    missing: listMissing(unit, { ...REASONS, ...unlimited, ...(typeof filter === 'string' ? unfiltered(filter) : {}) }),
  }
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function readCommand(unit: Unit): [string, ...string[]] {
  const [file = '', ...args] = demandValue(unit, 'ExecStart').split(/\s+/)
  return [file, ...args]
}

function readReload(unit: Unit): NodeJS.Signals {
  if (/kill -HUP \$MAINPID$/.test(demandValue(unit, 'ExecReload'))) return 'SIGHUP'
  throw new LabError('part-failed', `${unit.name}.service reloads in a way that the lab does not know`)
}

/** The limit of open files, when it can be set here: in some containers not even root may raise it. */
async function findLimit(
  unit: Unit,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly limit?: string; readonly LimitNOFILE?: string }> {
  const limit = readValue(unit, 'LimitNOFILE')
  if (limit === undefined) return {}
  return promisify(execFile)('prlimit', [`--nofile=${limit}`, 'true'], { env }).then(
    () => ({ limit }),
    () => ({ LimitNOFILE: 'this machine does not let root raise the limit' }),
  )
}

function unfiltered(why: string): Readonly<Record<string, string>> {
  return Object.fromEntries(FILTERED.map(key => [key, why]))
}

function listMissing(unit: Unit, reasons: Readonly<Record<string, string>>): readonly string[] {
  return ['Unit', 'Service'].flatMap(section =>
    [...(unit.sections.get(section) ?? [])].flatMap(([key, values]) => {
      const isOrder = section === 'Unit' && ['Wants', 'After'].includes(key)
      const isHeld = [...HELD, ...FILTERED].includes(key)
      const unmade = isHeld && !values.every(value => isMade(key, value)) ? 'this value is not made here' : ''
      const why = reasons[key] ?? (isHeld || isOrder ? unmade : 'no tool here does it')
      return why === '' ? [] : [`${key}=${values.join(' ')}: ${why}`]
    }),
  )
}

function isMade(key: string, value: string): boolean {
  const made = MADE[key] ?? (/^(?:Protect|Private|NoNew)/.test(key) ? SWITCH : undefined)
  return made === undefined || made.test(value)
}

/** Called with the paths that may be written as $1, and the command after them. */
function script(unit: Unit): string {
  const strict = readValue(unit, 'ProtectSystem') === 'strict'
  return [
    'writable=$1; shift',
    // Mounts of their own, so that they stay writable.
    ...(strict ? ['for path in $writable; do mount --bind "$path" "$path"; done'] : []),
    ...(readValue(unit, 'ProtectProc') === 'invisible' ? ['mount -t proc -o hidepid=invisible proc /proc'] : []),
    ...(isOn(unit, 'PrivateDevices') ? [DEVICES] : []),
    ...(isOn(unit, 'ProtectHome') ? ['hide /home /root /run/user'] : []),
    ...(isOn(unit, 'ProtectKernelModules') ? ['hide /usr/lib/modules'] : []),
    ...(isOn(unit, 'ProtectKernelLogs') ? ['mask /proc/kmsg'] : []),
    ...(isOn(unit, 'ProtectKernelTunables')
      ? ['freeze /proc/sys /proc/sysrq-trigger /proc/irq /proc/bus /proc/fs']
      : []),
    ...(isOn(unit, 'PrivateTmp') ? [PRIVATE_TMP] : []),
    ...(strict ? [READ_ONLY] : []),
    `umask ${readValue(unit, 'UMask') ?? '0022'}`,
    `cd ${readValue(unit, 'WorkingDirectory') ?? '/'}`,
    'exec "$@"',
  ].reduce((text, line) => `${text}\n${line}`, FUNCTIONS)
}

const FUNCTIONS = `
hide() { for path; do [ ! -d "$path" ] || mount -t tmpfs -o size=4k,mode=0000,ro,nosuid,nodev hidden "$path"; done; }
mask() { for path; do [ ! -e "$path" ] || mount --bind /dev/null "$path"; done; }
freeze() { for path; do [ ! -e "$path" ] || { mount --bind "$path" "$path"; mount -o remount,bind,ro "$path"; }; done; }`

/** Built on /mnt, which is the service's own here, and moved to its place. */
const DEVICES = `mount -t tmpfs -o size=64k,mode=0755,nosuid,noexec devices /mnt
for device in null zero full random urandom tty; do : > "/mnt/$device"; mount --bind "/dev/$device" "/mnt/$device"; done
mkdir /mnt/shm
mount -t tmpfs -o mode=1777,nosuid,nodev shm /mnt/shm
ln -s /proc/self/fd /mnt/fd; ln -s /proc/self/fd/0 /mnt/stdin; ln -s /proc/self/fd/1 /mnt/stdout; ln -s /proc/self/fd/2 /mnt/stderr
mount -o remount,ro /mnt
mount --rbind /mnt /dev
umount --recursive /mnt`

const PRIVATE_TMP = `for path in /tmp /var/tmp; do mount -t tmpfs -o mode=1777,nosuid,nodev private-tmp "$path"; done`

/** Everything that is mounted, but for what the unit leaves writable. A mount that is hidden below another cannot be reached, nor written. */
const READ_ONLY = `while read -r _ _ _ _ path _; do
  path=$(printf '%b' "$path")
  case " /proc /dev /tmp /var/tmp $writable " in *" $path "*) continue ;; esac
  case $path in /proc/* | /dev/*) continue ;; esac
  mount -o remount,bind,ro "$path" 2>/dev/null || [ "$path" != / ]
done < /proc/self/mountinfo`
