import { dirname } from 'node:path'
import type { BlockListener, BlockRequest, BlockResult } from '../protocol.ts'
import { settleLeft, settleUnguarded } from './left-processes.ts'
import type { Supervisor } from './program.ts'
import { prepareSupervision } from './supervisor.ts'
import { startTypeScript, type TypeScriptWorker } from './typescript-worker.ts'

/** What runs blocks, one after the other, each under supervision. */
export interface BlockWorker {
  /** Starts, ahead of time, the process that runs ts blocks. */
  warm(): void
  /** Runs a block. Never rejects: a program that dies is a failed block. */
  run(request: BlockRequest, listener: BlockListener): Promise<BlockResult>
  /**
   * Ends a running block and everything it started, but not what earlier blocks left running on purpose. They get half a second to end
   * by themselves, or less when `hurry` aborts.
   */
  kill(hurry?: AbortSignal): Promise<void>
  /** Lets go; what blocks left running on purpose goes on. */
  close(): Promise<void>
}

/** Characters of stderr that are kept to see what bash complained of. */
const TAIL = 2000

/** The end of a block that was killed before it had a program. */
const NOT_BEGUN: BlockResult = { status: 'failed', error: { message: 'ended before it began' } }

/** Makes a worker. `bundle` is its program for ts blocks, started with `variables` as its environment; each block brings its own. */
export function startWorker(bundle: string, variables: Readonly<Record<string, string>>): BlockWorker {
  const supervision = prepareSupervision(dirname(bundle), variables)
  let typescript: TypeScriptWorker | undefined
  let running: Supervisor | undefined
  /** Whether the block that runs now is to end, and the ending of its program once there is one. */
  let isKilled = false
  let ending: Promise<void> | undefined
  const leaving = new Set<Promise<void>>()

  const release = (supervisor: Supervisor) => {
    const gone = supervisor.release().finally(() => leaving.delete(gone))
    leaving.add(gone)
  }
  const drop = () => {
    if (typescript) release(typescript.supervisor)
    typescript = undefined
  }
  const warm = () => {
    if (typescript?.isOver()) drop()
    typescript ??= startTypeScript(supervision.alone, bundle, variables)
    return typescript
  }
  return {
    warm: () => void warm(),
    run(request, listener) {
      isKilled = false
      return request.language === 'bash' ? runBash(request, listener) : runTypeScript(request, listener)
    },
    kill,
    async close() {
      await kill()
      drop()
      await Promise.all([...leaving, supervision.release()])
    },
  }

  async function kill(hurry?: AbortSignal): Promise<void> {
    isKilled = true
    ending ??= running?.end(hurry)
    await ending
  }

  async function runBash(request: BlockRequest, listener: BlockListener): Promise<BlockResult> {
    // Not before it is used: a page with ts blocks wants their process first.
    const { prepareBash, readBashResult } = await import('./bash-block.ts')
    const prepared = isKilled ? NOT_BEGUN : prepareBash(request)
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
    const settled = await leave(supervisor, request, result)
    release(supervisor)
    return settled
  }

  async function runTypeScript(request: BlockRequest, listener: BlockListener): Promise<BlockResult> {
    const worker = warm()
    running = worker.supervisor
    if (worker.supervisor.pid !== undefined) listener.onSupervised?.(worker.supervisor.pid)
    const result = await worker.run(request, listener)
    const settled = await leave(worker.supervisor, request, result)
    if (worker.isOver()) drop()
    return settled
  }

  /**
   * What a block that succeeded left running is judged; one that failed or was killed leaves nothing. The next one does not begin
   * before that is done: an end that comes late would be its own.
   */
  async function leave(supervisor: Supervisor, request: BlockRequest, result: BlockResult): Promise<BlockResult> {
    await ending
    let settled = result
    if (supervisor.isUnguarded()) settled = await settleUnguarded(request, result)
    else if (isKilled || result.status === 'failed' || result.status === 'blocked') await supervisor.sweep()
    else settled = await settleLeft(supervisor, request, result, () => isKilled)
    while (ending) {
      await ending
      ending = undefined
    }
    running = undefined
    return settled
  }
}
