import { spawn } from 'node:child_process'
import { z } from 'zod'
import { inspectArchive } from './inspect-archive.ts'
import { type ArchiveLimits, ArchiveRefusedError } from './tally.ts'

/** The first argument of the API's program when it is an inspector of one archive. */
export const inspectorCommand = 'inspect-archive'

const verdictSchema = z.object({ refused: z.string().optional() })

/** Inspects the archive that the arguments name, and prints the verdict as JSON. Throws when it has none. */
export async function runInspector(args: readonly string[], stdout: (text: string) => void): Promise<void> {
  const [path = '', limits = ''] = args
  try {
    await inspectArchive(path, JSON.parse(limits))
    stdout('{}\n')
  } catch (error) {
    if (!(error instanceof ArchiveRefusedError)) throw error
    stdout(`${JSON.stringify({ refused: error.message })}\n`)
  }
}

/** The program to start as an inspector, and what it may use. */
export interface InspectorBounds {
  /** Node.js and the program of the API. */
  readonly program: readonly string[]
  /** Milliseconds. */
  readonly time: number
}

/** KiB of memory that the inspector, and each tool that it starts, may have for data. */
const mostMemory = 768 * 1024
const heap = 128

/**
 * Inspects an archive in a process of its own, which is killed with all that it started when it takes too long, and cannot have more memory
 * than it should. Returns why the archive is refused, undefined when it is not. Throws when the process gave no verdict for a reason that
 * does not lie in the archive.
 */
export async function inspectInProcess(
  path: string,
  limits: ArchiveLimits,
  { program: [node = '', ...program], time }: InspectorBounds,
): Promise<string | undefined> {
  const shell = `ulimit -d "$1" && ulimit -t "$2" && shift 2 && exec nice "$@"`
  const seconds = Math.ceil(time / 1000) + 1
  const command = [node, `--max-old-space-size=${heap}`, ...program, inspectorCommand, path, JSON.stringify(limits)]
  const child = spawn('/bin/sh', ['-c', shell, 'sh', `${mostMemory}`, `${seconds}`, ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
  })
  const said = { out: '', error: '' }
  child.stdout.setEncoding('utf8').on('data', text => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    said.error = `${said.error}${text}`.slice(-2000)
  })
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    endGroup(child.pid)
  }, time)
  try {
    const [code, signal] = await new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (...how) => resolve(how))
    })
    if (isLate) return `it takes longer than ${time / 1000} s to unpack`
    if (code === 0) return verdictSchema.parse(JSON.parse(said.out)).refused
    // A signal, its own or as a shell tells it: the system or V8 ended it at a limit.
    if (signal !== null || (code ?? 0) > 128) return 'unpacking it takes more memory or time than it may have'
    throw new Error(`the inspector of archives ended with ${code}: ${said.error}`)
  } finally {
    clearTimeout(timer)
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
