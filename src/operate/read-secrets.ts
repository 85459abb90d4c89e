import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { toVariable } from '../base/index.ts'
import type { Environment, SecretSource } from '../environments/index.ts'
import { isTaken, SHORTEST_SECRET } from '../procedure/index.ts'
import { UsageError } from './errors.ts'
import type { Variables } from './ports.ts'
import { printSecret } from './print-secret.ts'

/** Where secrets are read: as whom, beside which `handbook.yaml`, and for how many milliseconds a command may take. */
export interface SecretReader {
  readonly env: Variables
  readonly folder: string
  readonly patience?: number
}

/** The most bytes of a secret: a variable holds no more than about twice as many. */
const LONGEST = 65_536

/** The values of an environment's secrets. Throws a `UsageError` that names the first one that cannot be had, and never what it is. */
export async function readSecrets(
  { secrets, name: environment }: Environment,
  reader: SecretReader,
): Promise<Record<string, string>> {
  const entries = Object.entries(secrets).map(async ([name, source]) => {
    const refuse = (why: string, hint?: string) => new UsageError(`The secret ${name} of ${environment} ${why}`, hint)
    if (isTaken(name))
      throw refuse(`would be the variable ${toVariable(name)}, which is taken`, 'Give it another name in handbook.yaml')
    const { value, from } = await read(source, reader, refuse)
    const wrong = findFault(value)
    if (wrong) throw refuse(`cannot be used: ${from} ${wrong}`)
    return [name, value] as const
  })
  return Object.fromEntries(await Promise.all(entries))
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
