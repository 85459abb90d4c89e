import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BlockListener, BlockRequest, BlockResult, Executor } from '../protocol.ts'
import { settleLeft, settleUnguarded } from './left-processes.ts'
import type { Supervisor } from './program.ts'
import { prepareSupervision } from './supervisor.ts'
import { startTypeScript, type TypeScriptWorker } from './typescript-worker.ts'

/** Characters of stderr that are kept to see what bash complained of. */
const TAIL = 2000

/** Where and how blocks run. */
export interface Placement {
  readonly within?: readonly string[]
  readonly apart?: boolean
  readonly sharing?: boolean
}

/** The end of a block that was killed before it had a program. */
const NOT_BEGUN: BlockResult = { status: 'failed', error: { message: 'ended before it began' } }

/**
 * Runs blocks on this machine, as the user of this process. `bundle` is the program for ts blocks, started with `variables` as its environment;
 * each block brings its own. `within` are words before a command that run it where the blocks are to run.
 * `apart`: there process numbers mean others than here. `sharing`: ts blocks that leave nothing pending share a process, and so what they
 * set on global things; else each has its own.
 */
export function startLocalExecutor(
  bundle: string,
  variables: Readonly<Record<string, string>>,
  { within = [], apart = false, sharing = false }: Placement = {},
): Executor {
  const supervision = prepareSupervision(dirname(bundle), variables, within)
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
  /** Takes the process that waits for a block. */
  const take = () => {
    const taken = typescript
    typescript = undefined
    return taken
  }
  const warm = () => {
    if (typescript?.isOver()) release(typescript.supervisor)
    if (typescript?.isOver()) typescript = undefined
    typescript ??= startTypeScript(supervision.alone, bundle, variables, sharing)
    return typescript
  }
  return {
    warm(language = 'ts') {
      if (language === 'ts') warm()
      else supervision.prepare()
    },
    open(folder, name) {
      const place = join(folder, name)
      mkdirSync(place, { recursive: true })
      return { folder: place }
    },
    run(request, listener) {
      isKilled = false
      const serviceMark = randomUUID()
      const variables = { ...request.variables, ...listOwnVariables(request) }
      const prepared = { ...request, variables, serviceMark }
      return request.language === 'bash' ? runBash(prepared, listener) : runTypeScript(prepared, listener)
    },
    end,
    async close() {
      await end()
      const unused = take()
      if (unused) release(unused.supervisor)
      await Promise.all([...leaving, supervision.release()])
    },
  }

  async function end(hurry?: AbortSignal): Promise<void> {
    isKilled = true
    ending ??= running?.end(hurry)
    await ending
  }

  async function runBash(request: BlockRequest, listener: BlockListener): Promise<BlockResult> {
    // Not before it is used: a page with ts blocks wants their process first.
    const { prepareBash, readBashResult } = await import('./bash-block.ts')
    const prepared = isKilled ? NOT_BEGUN : prepareBash(request)
    if ('status' in prepared) return prepared
    if (request.mayChange && Object.keys(request.services).length > 0)
      writeFileSync(join(request.place.folder, 'service'), request.serviceMark ?? '', { mode: 0o600 })
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
    // What a block changes in its process, in whatever way, is gone with that.
    if (!sharing) take()
    running = worker.supervisor
    if (worker.supervisor.pid !== undefined) listener.onSupervised?.(worker.supervisor.pid)
    const result = await worker.run(request, listener)
    const settled = await leave(worker.supervisor, request, result)
    if (sharing && !isKilled && !worker.isOver()) return settled
    if (typescript === worker) take()
    release(worker.supervisor)
    return settled
  }

  /**
   * What a block that succeeded left running is judged; one that failed or was killed leaves nothing. The next one does not begin
   * before that is done: an end that comes late would be its own.
   */
  async function leave(supervisor: Supervisor, request: BlockRequest, result: BlockResult): Promise<BlockResult> {
    await ending
    let settled = result
    // What goes on there cannot be named here: it ends.
    if (apart) await supervisor.sweep()
    else if (supervisor.isUnguarded()) settled = await settleUnguarded(request, result)
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

/** What `hb` reads, which stands for the verbs of a block in bash. */
function listOwnVariables({
  place,
  evidenceFolder,
  suggestable,
  services,
  ...request
}: BlockRequest): Record<string, string> {
  const variables: Record<string, string> = {
    HB_FOLDER: place.folder,
    HB_EVIDENCE: evidenceFolder,
    HB_SUGGESTABLE: suggestable.join(' '),
    HB_SILENCING: JSON.stringify(request.silencing),
    HB_NODE: process.execPath,
    ...(request.mayChange ? { HB_MAY_CHANGE: '1' } : {}),
  }
  for (const [name, service] of Object.entries(services)) {
    for (const [action, command] of Object.entries(service))
      variables[`HB_SERVICE_${`${name}_${action}`.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}`] = command
  }
  return variables
}
