import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { LabError } from '../../lab-port/index.ts'
import { PAGE, type PageBlock } from './page-blocks.ts'

/** How a block of the page is run. */
export interface BlockWorld {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** What the block reads from its standard input. */
  readonly input?: string
  /** The file that gets what the block was, and what it said on standard error. */
  readonly log: string
  readonly signal: AbortSignal
}

/** What a block printed, and what it asked systemd to do. */
export interface BlockResult {
  readonly printed: string
  readonly systemctl: readonly string[]
}

/** The replacements of systemd and sudo: the lab starts what systemd was told to, and setpriv becomes the account. */
const SUBSTITUTES = `
systemctl() { printf '%s\\n' "$*" >&3; }
sudo() {
  local user=root
  while [[ $1 == --* ]]; do [[ $1 != --user=* ]] || user=\${1#--user=}; shift; done
  setpriv --reuid="$user" --regid="$user" --init-groups "$@"
}
`

/** What the block of the page does not do here, and what is done instead. */
export const SUBSTITUTED = [
  `systemctl in ${PAGE}: the lab starts the units that it names`,
  `sudo in ${PAGE}: setpriv becomes the account`,
  `the timer of the backups in ${PAGE}: it is not set up`,
]

/** Runs a block of the page as it stands there. Throws a `LabError` with its line when it fails. */
export async function runBlock({ code, line }: PageBlock, world: BlockWorld): Promise<BlockResult> {
  const { cwd, env, input = '', log, signal } = world
  const child = spawn('bash', ['--norc', '-euo', 'pipefail', '-c', `${SUBSTITUTES}\n${code}`, PAGE], {
    cwd,
    env: { ...env, PATH: `${env.PATH ?? ''}:/usr/sbin:/sbin` },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  })
  const [, stdout, stderr, orders] = child.stdio
  child.stdin?.on('error', () => undefined).end(input)
  const [printed, said, asked, [status]] = await Promise.all([
    stdout ? text(stdout) : '',
    stderr ? text(stderr) : '',
    orders && 'read' in orders ? text(orders) : '',
    once(child, 'close'),
  ])
  await appendFile(log, `# ${PAGE}:${line}\n${code}${said}`)
  if (status !== 0) {
    const last = said.trim().split('\n').at(-1)
    throw new LabError('part-failed', `${PAGE}:${line} ended with exit code ${status}: ${last}`)
  }
  return { printed, systemctl: asked.split('\n').filter(Boolean) }
}
