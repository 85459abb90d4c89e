import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Compression } from './recognise.ts'
import { ArchiveRefusedError } from './tally.ts'

// Each keeps to a limit of memory of its own, in addition to the limit of this process.
const tools = {
  bz2: ['bzip2', '-dc'],
  xz: ['xz', '-dc', '--threads=1', '--memlimit-decompress=128MiB'],
  zst: ['zstd', '-dc', '--memory=128MB'],
} as const satisfies Record<Exclude<Compression, 'gz'>, readonly [string, ...string[]]>

/** Unpacks a stream. Throws an ArchiveRefusedError when it cannot be unpacked here. */
export function decompress(kind: Compression, packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  return kind === 'gz' ? gunzip(packed) : runTool(tools[kind], packed)
}

async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const stream = createGunzip()
  // Its error ends the reading below.
  pipeline(Readable.from(packed), stream).catch(() => {})
  try {
    yield* stream
  } catch (cause) {
    if (cause instanceof ArchiveRefusedError) throw cause
    throw new ArchiveRefusedError(`it cannot be unpacked: ${cause instanceof Error ? cause.message : cause}`)
  }
}

async function* runTool(
  [program, ...args]: readonly [string, ...string[]],
  packed: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-500)
  })
  const ended = new Promise<string | undefined>(resolve => {
    child.once('error', () => resolve(`${program} is not installed here, so nobody knows what it unpacks to`))
    child.once('close', code =>
      resolve(code === 0 ? undefined : `it cannot be unpacked: ${said.trim().split('\n').at(-1) ?? ''}`),
    )
  })
  let refusal: unknown
  pipeline(Readable.from(packed), child.stdin).catch(error => {
    if (error instanceof ArchiveRefusedError) refusal = error
  })
  yield* child.stdout
  const reason = await ended
  if (refusal !== undefined) throw refusal
  if (reason !== undefined) throw new ArchiveRefusedError(reason)
}
