import { spawnSync } from 'node:child_process'
import { getuid, platform } from 'node:process'
import { findProgram } from '../../base/index.ts'

/** The programs without which the lab is not as shipped, and what each does. */
const PROGRAMS = {
  unshare: 'a file system of its own (util-linux)',
  nsenter: 'steps in that file system (util-linux)',
  setpriv: 'accounts and privileges (util-linux)',
  prlimit: 'limits (util-linux)',
  useradd: 'the account of the service (passwd)',
  createuser: 'the role of the service in the database (postgresql-client)',
  nginx: 'TLS (nginx-light)',
  clamd: 'the malware scanner (clamav-daemon)',
  openssl: 'certificates (openssl)',
  perl: 'the filter of system calls (perl)',
  'systemd-analyze': 'the filter of system calls (systemd)',
  'ssh-keygen': 'the approval of dangers (openssh-client)',
} as const

/** What the profile `as-shipped` lacks here, with the reason; none when it can be had. */
export function findLacking(path: string | undefined): readonly string[] {
  const folders = [path, '/usr/sbin', '/sbin'].filter(Boolean).join(':')
  const missing = Object.entries(PROGRAMS).flatMap(([name, purpose]) =>
    findProgram([name], folders) === undefined
      ? [`${purpose}: ${name} is not installed; npm run setup installs it`]
      : [],
  )
  if (platform !== 'linux') return ['accounts, modes and sandbox of the service: only Linux has them', ...missing]
  if (getuid?.() !== 0)
    return ['accounts, modes and sandbox of the service: only root has more than one account', ...missing]
  return missing.length > 0 || mayMount(folders) ? missing : [NO_MOUNTS]
}

const NO_MOUNTS = 'a file system of its own: root may not mount here, as in a container without CAP_SYS_ADMIN'

/** Whether this process may lay a file system over another one, where nobody else sees it. */
function mayMount(folders: string): boolean {
  const script = `mount -t tmpfs probe /mnt && mkdir /mnt/upper /mnt/work &&
    mount -t overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work probe /etc`
  const args = ['--mount', '--propagation', 'private', 'sh', '-c', script]
  return spawnSync('unshare', args, { env: { PATH: folders }, stdio: 'ignore' }).status === 0
}
