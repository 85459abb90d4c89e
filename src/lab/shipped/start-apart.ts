import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { LAB_ERROR_CODES, LabError } from '../../lab-port/index.ts'
import { bundle } from '../deployment/programs.ts'
import type { StartOptions } from '../status.ts'

/**
 * Starts a lab in a process and a mount namespace of its own, and returns when it is ready. It ends with this process. Throws the `LabError`
 * with which it failed.
 */
export async function startApart(options: StartOptions): Promise<{ readonly ended: Promise<void> }> {
  const { log, signal, env, ...rest } = options
  signal?.throwIfAborted()
  const program = bundle(options, 'lab/shipped.cjs')
  const command = ['--mount', '--propagation', 'private', execPath, program, JSON.stringify(rest)]
  const child = spawn('unshare', command, {
    stdio: ['pipe', 'pipe', 'inherit'],
    // In a session of its own: Ctrl-C reaches this process, which decides.
    detached: true,
    ...(env ? { env: { ...process.env, ...env } } : {}),
  })
  const ended = once(child, 'exit').then(() => undefined)
  const abort = () => child.kill('SIGTERM')
  signal?.addEventListener('abort', abort)
  const lines = createInterface({ input: child.stdout })
  try {
    await new Promise<void>((resolve, reject) => {
      lines.on('line', line => {
        const said: Said = JSON.parse(line)
        if (said.log !== undefined) log(said.log)
        if (said.ready) resolve()
        if (said.error) reject(toLabError(said.error))
      })
      void ended.then(() => reject(signal?.reason ?? new LabError('part-failed', 'the lab ended before it was ready')))
    })
    return { ended }
  } catch (error) {
    await ended
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** A line of the lab's process. */
interface Said {
  readonly log?: string
  readonly ready?: boolean
  readonly error?: { readonly code: string; readonly message: string }
}

function toLabError({ code, message }: { readonly code: string; readonly message: string }): LabError {
  return new LabError(LAB_ERROR_CODES.find(known => known === code) ?? 'part-failed', message)
}
