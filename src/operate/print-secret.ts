import { spawn } from 'node:child_process'
import { formatDuration } from '../base/index.ts'
import type { SecretReader } from './read-secrets.ts'

/** Milliseconds that a command may take: a person may have to unlock a key meanwhile. */
const PATIENCE = 60_000

/** The most bytes that are read of a command. */
const LIMIT = 1 << 20

/** What a secret's command prints, or why it gives nothing. Whatever it says on stderr is dropped: it may be half a secret. */
export function printSecret(
  command: string,
  { env, folder, patience = PATIENCE }: SecretReader,
): Promise<{ readonly bytes: Buffer } | { readonly problem: string }> {
  return new Promise(resolve => {
    // A group of its own, so that what it starts ends with it.
    const child = spawn('bash', ['-c', command], {
      cwd: folder,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    const pieces: Buffer[] = []
    let length = 0
    const settle = (result: { readonly bytes: Buffer } | { readonly problem: string }) => {
      clearTimeout(timer)
      end(child.pid)
      child.stdout.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => settle({ problem: `did not end within ${formatDuration(patience)}` }), patience)
    child.stdout.on('data', (piece: Buffer) => {
      pieces.push(piece)
      length += piece.length
      if (length > LIMIT) settle({ problem: 'prints more than any secret has' })
    })
    child.on('error', error => settle({ problem: `could not be started: ${error.message}` }))
    child.on('close', (code, signal) => {
      if (code === 0) settle({ bytes: Buffer.concat(pieces) })
      else settle({ problem: signal === null ? `ended with exit code ${code}` : `was ended by ${signal}` })
    })
  })
}

function end(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
