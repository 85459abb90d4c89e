import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { formatDuration, toVariable } from '../../base/index.ts'
import type { Environment, SecretSource } from '../../environments/index.ts'
import { isTaken, type Procedure, SHORTEST_SECRET } from '../../procedure/index.ts'
import { UsageError } from '../errors.ts'
import type { Variables } from '../ports.ts'

/** Where secrets are read: as whom, beside which `handbook.yaml`, and for how many milliseconds a command may take. */
interface SecretReader {
  readonly env: Variables
  readonly folder: string
  readonly patience?: number
  readonly signal?: AbortSignal
  /** Whether the last line that a command says on stderr is told as the reason for which it fails. */
  readonly hearsWhy?: boolean
}

/** The most bytes of a secret: a variable holds no more than about twice as many. */
const LONGEST = 65_536

/** The values of an environment's secrets, without those that are issued for one step. Throws a `UsageError` that names the first one that cannot be had, and never what it is. */
export async function readSecrets(
  { secrets, name: environment }: Environment,
  reader: SecretReader,
): Promise<Record<string, string>> {
  const entries = Object.entries(secrets).map(async ([name, source]) => {
    const refuse = (why: string, hint?: string) => new UsageError(`The secret ${name} of ${environment} ${why}`, hint)
    if (isTaken(name))
      throw refuse(`would be the variable ${toVariable(name)}, which is taken`, 'Give it another name in handbook.yaml')
    if (source.issue !== undefined) return []
    const { value, from } = await read(source, reader, refuse)
    const wrong = findFault(value)
    if (wrong) throw refuse(`cannot be used: ${from} ${wrong}`)
    return [[name, value] as const]
  })
  return Object.fromEntries((await Promise.all(entries)).flat())
}

/** An environment without the secrets that only a change needs: they are not read. */
export function onlyReading(environment: Environment): Environment {
  const secrets = Object.entries(environment.secrets).filter(([, source]) => source.for === 'read')
  return { ...environment, secrets: Object.fromEntries(secrets) }
}

/** Throws a `UsageError` when a page has a parameter that bash would know by the name of a secret: a step would read one for the other. */
export function demandOwnNames({ params, path }: Procedure, { secrets, name: environment }: Environment): void {
  for (const { name } of params) {
    const secret = Object.keys(secrets).find(secret => toVariable(secret) === toVariable(name))
    if (secret === undefined) continue
    const clash = `The parameter ${name} of ${path} and the secret ${secret} of ${environment}`
    throw new UsageError(`${clash} have one name in bash: ${toVariable(name)}`, 'Rename one of them')
  }
}

type Refuse = (why: string, hint?: string) => UsageError

async function read(
  { env, file, command }: SecretSource,
  reader: SecretReader,
  refuse: Refuse,
): Promise<{ readonly value: string; readonly from: string }> {
  if (env !== undefined) {
    const value = reader.env[env]
    if (value === undefined) throw refuse(`cannot be had: $${env} is not set`)
    return { value, from: `$${env}` }
  }
  if (file !== undefined) {
    const bytes = await readFile(resolve(reader.folder, file)).catch((error: NodeJS.ErrnoException) => {
      throw refuse(`cannot be had: ${file} cannot be read (${error.code})`)
    })
    return { value: decode(bytes, file, refuse), from: file }
  }
  if (command === undefined) throw refuse('has no source')
  const printed = await printSecret(command, reader)
  if ('problem' in printed) {
    throw refuse(
      `cannot be had: its command ${printed.problem}`,
      'Its output is not shown. Run the command yourself: it is in handbook.yaml',
    )
  }
  return { value: decode(printed.bytes, 'its command', refuse), from: 'its command' }
}

/** The text without the line ends at its end, as `$(…)` gives it. */
function decode(bytes: Buffer, from: string, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/[\r\n]+$/, '')
  } catch {
    throw refuse(`cannot be used: ${from} is not UTF-8 text`, 'Keep it as base64, and decode it in the step')
  }
}

function findFault(value: string): string | undefined {
  if (value.trim() === '') return 'gives nothing'
  if (value.length < SHORTEST_SECRET)
    return `gives fewer than ${SHORTEST_SECRET} characters: too few to hide it in output`
  if (value.includes('\0')) return 'gives a NUL byte, which no variable can hold'
  if (Buffer.byteLength(value) > LONGEST) return `gives more than ${LONGEST} bytes: hand it over as a file`
  return undefined
}

/** Milliseconds that a command may take: a person may have to unlock a key meanwhile. */
export const PATIENCE = 60_000

/** The most bytes that are read of a command. */
const LIMIT = 1 << 20

/** What a secret's command prints, or why it gives nothing. What it says on stderr is dropped, unless it is asked for: it may be half a secret. */
function printSecret(
  command: string,
  { env, folder, patience = PATIENCE, signal, hearsWhy = false }: SecretReader,
): Promise<{ readonly bytes: Buffer } | { readonly problem: string }> {
  return new Promise(resolve => {
    // A group of its own, so that what it starts ends with it.
    const child = spawn('bash', ['-c', command], {
      cwd: folder,
      env: { ...env },
      stdio: ['ignore', 'pipe', hearsWhy ? 'pipe' : 'ignore'],
      detached: true,
    })
    const pieces: Buffer[] = []
    let length = 0
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-REASON)
    })
    const settle = (result: { readonly bytes: Buffer } | { readonly problem: string }) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      end(child.pid)
      child.stdout?.destroy()
      child.stderr?.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => settle({ problem: `did not end within ${formatDuration(patience)}` }), patience)
    const cancel = () => settle({ problem: 'was cancelled' })
    signal?.addEventListener('abort', cancel)
    if (signal?.aborted) cancel()
    child.stdout?.on('data', (piece: Buffer) => {
      pieces.push(piece)
      length += piece.length
      if (length > LIMIT) settle({ problem: 'prints more than any secret has' })
    })
    child.on('error', error => settle({ problem: `could not be started: ${error.message}` }))
    child.on('close', (code, by) => {
      if (code === 0) settle({ bytes: Buffer.concat(pieces) })
      else settle({ problem: `${by === null ? `ended with exit code ${code}` : `was ended by ${by}`}${quote(said)}` })
    })
  })
}

/** The most characters of a reason. */
const REASON = 500

/** The last line of what was said, behind a colon. */
function quote(said: string): string {
  const last = said.trim().split('\n').at(-1)?.trim()
  return last ? `: ${last}` : ''
}

function end(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
