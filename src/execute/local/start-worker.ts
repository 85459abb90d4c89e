import { dirname } from 'node:path'
import type { BlockListener, BlockRequest, BlockResult } from '../protocol.ts'
import type { Supervisor } from './program.ts'
import { prepareSupervision } from './supervisor.ts'
import { startTypeScript, type TypeScriptWorker } from './typescript-worker.ts'

/** What runs blocks, one after the other, each under supervision. */
export interface BlockWorker {
  /** Starts, ahead of time, the process that runs ts blocks. */
  warm(): void
  /** Runs a block. Never rejects: a program that dies is a failed block. */
  run(request: BlockRequest, listener: BlockListener): Promise<BlockResult>
  /** Ends a running block and everything it started, but not what earlier blocks left running on purpose. */
  kill(): Promise<void>
  /** Lets go; what blocks left running on purpose goes on. */
  close(): Promise<void>
}

/** Characters of stderr that are kept to see what bash complained of. */
const TAIL = 2000

/** Makes a worker. `bundle` is its program for ts blocks, started with `variables` as its environment; each block brings its own. */
export function startWorker(bundle: string, variables: Readonly<Record<string, string>>): BlockWorker {
  const supervision = prepareSupervision(dirname(bundle), variables)
  let typescript: TypeScriptWorker | undefined
  let running: Supervisor | undefined
  const leaving = new Set<Promise<void>>()

  const release = (supervisor: Supervisor) => {
    const gone = supervisor.release().finally(() => leaving.delete(gone))
    leaving.add(gone)
  }
  const warm = () => {
    if (typescript?.isOver()) typescript = undefined
    typescript ??= startTypeScript(supervision.alone, bundle, variables)
    return typescript
  }
  return {
    warm: () => void warm(),
    run: (request, listener) =>
      request.language === 'bash' ? runBash(request, listener) : runTypeScript(request, listener),
    kill: async () => running?.end(),
    async close() {
      await running?.end()
      if (typescript) release(typescript.supervisor)
      await Promise.all([...leaving, supervision.release()])
    },
  }

  async function runBash(request: BlockRequest, listener: BlockListener): Promise<BlockResult> {
    // Not before it is used: a page with ts blocks wants their process first.
    const { prepareBash, readBashResult } = await import('./bash-block.ts')
    const prepared = prepareBash(request)
    if ('status' in prepared) return prepared
    let tail = ''
    const supervisor = supervision.inTurn({
      ...prepared,
      cwd: request.cwd,
      onOutput(stream, text) {
        if (stream === 'stderr') tail = (tail + text).slice(-TAIL)
        listener.onOutput(stream, text)
      },
    })
    running = supervisor
    if (supervisor.pid !== undefined) listener.onSupervised?.(supervisor.pid)
    const ended = await supervisor.ended
    const result = readBashResult(request, ended, tail, listener.onReport)
    // What a block that succeeded left running goes on; a failed one leaves nothing.
    if (result.status === 'failed' || result.status === 'blocked') await supervisor.sweep()
    else void supervisor.spare()
    running = undefined
    release(supervisor)
    return result
  }

  async function runTypeScript(request: BlockRequest, listener: BlockListener): Promise<BlockResult> {
    const worker = warm()
    running = worker.supervisor
    if (worker.supervisor.pid !== undefined) listener.onSupervised?.(worker.supervisor.pid)
    const result = await worker.run(request, listener)
    if (worker.isOver()) {
      if (result.status === 'failed') await worker.supervisor.sweep()
      release(worker.supervisor)
    } else if (result.status === 'failed') await worker.supervisor.sweep()
    else await worker.supervisor.spare()
    running = undefined
    return result
  }
}
