import { setImmediate } from 'node:timers'
import vm from 'node:vm'
import type { BlockReport, BlockRequest, BlockResult } from '../protocol.ts'
import { BlockSignal, createScope, toJson } from '../scope.ts'
import { type CompiledBlock, compileBlock } from './compile-block.ts'
import { follow } from './follow.ts'
import { waitForBrief } from './note-resources.ts'
import { catchStrays, describePending, describeUnawaited, type Stray } from './pending.ts'
import { listPending, type RunningBlock, runAs } from './running-block.ts'
import type { Surround } from './warm-typescript.ts'

/**
 * Runs a TypeScript block as the body of an async function; what it returns is the step's value. What it started has to have ended by
 * then. If not, it has failed, and this process ends with it, so that nothing of it goes on beside the next block.
 */
export async function runTypeScript(
  request: BlockRequest,
  surround: Surround,
  tell: (report: BlockReport) => void,
): Promise<BlockResult> {
  const compiled = compileBlock(request)
  return 'error' in compiled
    ? { status: 'failed', error: compiled.error }
    : runCompiled(compiled, request, surround, tell)
}

async function runCompiled(
  compiled: CompiledBlock,
  request: BlockRequest,
  surround: Surround,
  tell: (report: BlockReport) => void,
): Promise<BlockResult> {
  let signal: BlockSignal | undefined
  const fail = (error: unknown): BlockResult => ({ status: 'failed', error: compiled.describe(error) })
  const leave = (result: BlockResult): never => {
    tell({ type: 'finished', result, leaving: true })
    // Not one more line of the block's code runs until the runner ends this process.
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
  const block: RunningBlock = {
    tell,
    started: new Set(),
    feeds: /\bstdin\b|\.(?:write|end)\(|\.child\b/.test(request.code),
    leave: error => leave(signal ? conclude(signal) : fail(error)),
  }
  const scope = createScope(request, tell, given => {
    signal ??= given
    return given
  })
  const followed = Object.fromEntries(
    Object.entries(scope).map(([name, value]) => [
      name,
      typeof value === 'function' ? follow(name, value, block) : value,
    ]),
  )
  const strays = catchStrays()
  let own: Outcome | undefined
  const run = async () => {
    own = await settle(async () => load(compiled)(followed))
    // One turn more, in which a rejection that nobody handles is heard of.
    await new Promise(resolve => setImmediate(resolve))
    if (listPending(block).every(({ isResource }) => isResource))
      await waitForBrief(() => listPending(block).length > 0)
  }
  const surrounded = await settle(() =>
    runAs(block, () => surround(request, () => Promise.race([run(), strays.caught]))),
  )
  if ('error' in surrounded) own = surrounded
  strays.ignore()
  const pending = listPending(block)
  const result = judge(own)
  return pending.length > 0 || !own ? leave(result) : result

  function judge(own: Outcome | undefined): BlockResult {
    if (own && 'error' in own && !signal) return fail(own.error)
    const stray = strays.first() ?? findLost(block)
    if (stray && !(signal && stray.error instanceof BlockSignal)) return failStray(stray)
    if (signal?.status === 'blocked') return conclude(signal)
    if (pending.length > 0) return { status: 'failed', error: describePending(pending, compiled) }
    if (signal) return conclude(signal)
    try {
      const value = own && 'value' in own ? toJson(own.value) : undefined
      return value === undefined ? { status: 'passed' } : { status: 'passed', value }
    } catch (error) {
      return fail(error)
    }
  }

  function failStray({ error, started }: Stray): BlockResult {
    return started
      ? { status: 'failed', error: describeUnawaited(started, compiled.describe(error), compiled) }
      : fail(error)
  }
}

type Outcome = { readonly value: unknown } | { readonly error: unknown }

function load({ code, name }: CompiledBlock): (scope: unknown) => unknown {
  const block: unknown = new vm.Script(code, {
    filename: name,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext()
  if (typeof block !== 'function') throw new TypeError('the block did not compile to a function')
  return scope => block(scope)
}

/** How a block ended that said so itself. */
function conclude({ status, message }: BlockSignal): BlockResult {
  return status === 'blocked' ? { status, reason: message, begun: true } : { status, reason: message }
}

async function settle(run: () => unknown): Promise<Outcome> {
  try {
    return { value: await run() }
  } catch (error) {
    return { error }
  }
}

/** The first command whose failure nothing would tell. */
function findLost({ started }: RunningBlock): Stray | undefined {
  for (const one of started) {
    const error = one.findLoss?.()
    if (error !== undefined) return { error, started: one }
  }
  return undefined
}
