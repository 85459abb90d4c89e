import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { BridgeLabStatus } from '../../src/lab/status.ts'
import { bundlePrograms } from '../environment/bundle-programs.ts'

/** A lab in a process of its own. */
export interface Supervisor {
  readonly process: ChildProcess
  readonly status: BridgeLabStatus
}

/** Starts a lab in a process of its own, perhaps by way of another command such as `setpriv`. */
export async function supervise(
  bundles: string,
  directory: string,
  prefix: readonly string[] = [],
): Promise<Supervisor> {
  if (!existsSync(join(bundles, 'supervise.cjs')))
    await bundlePrograms({ supervise: fileURLToPath(new URL('./supervise.entry.ts', import.meta.url)) }, bundles)
  const [file = '', ...args] = [...prefix, process.execPath, join(bundles, 'supervise.cjs'), directory]
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', chunk => {
    said += chunk
  })
  const line = once(createInterface(child.stdout), 'line')
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the lab did not come up:\n${said}`)
  })
  const [text] = await Promise.race([line, ended])
  ended.catch(() => undefined)
  return { process: child, status: JSON.parse(text) }
}

/** Ends a lab's process by a signal and waits until it is gone. */
export async function endBy(supervisor: Supervisor, signal: NodeJS.Signals): Promise<void> {
  const gone = once(supervisor.process, 'exit')
  supervisor.process.kill(signal)
  await gone
}
