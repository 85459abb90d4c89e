import { setImmediate } from 'node:timers'
import type { BlockReport, BlockRequest, BlockResult } from '../protocol.ts'
import { BlockSignal, createScope, toJson } from '../scope.ts'
import { type CompiledBlock, compileBlock } from './compile-block.ts'
import { follow } from './follow.ts'
import { waitForBrief, waitForKilled } from './note-resources.ts'
import { catchStrays, describePending, describeUnawaited, type Stray } from './pending.ts'
import { listPending, listTasks, type RunningBlock, runAs, type Started } from './running-block.ts'
import type { Surround } from './warm-typescript.ts'

/** What a block runs with. */
export interface BlockWorld {
  readonly surround: Surround
  readonly tell: (report: BlockReport) => void
  /** Puts back what the block replaced of what JavaScript gives. */
  readonly restore: () => void
  /** Ends this process, or waits for the runner to end it. */
  readonly end: () => never
  /** Gets this process ready for another block, where it is for many; only after one that left nothing pending. */
  readonly again?: () => void
}

/**
 * Runs a TypeScript block as the body of an async function; what it returns is the step's value. What it started has to have ended by
 * then, or it has failed. Nothing of it runs in this process after it has told the block's end.
 */
export async function runTypeScript(request: BlockRequest, world: BlockWorld): Promise<void> {
  const leave = leaveWith(world)
  try {
    const compiled = compileBlock(request)
    if ('error' in compiled) return leave({ status: 'failed', error: compiled.error })
    const { result, isClean } = await runCompiled(compiled, request, world, leave)
    if (!isClean || world.again === undefined) return leave(result)
    world.restore()
    world.again()
    world.tell({ type: 'finished', result, again: true })
  } catch (error) {
    return leave({ status: 'failed', error: { message: `it is not known how the block ended: ${error}` } })
  }
}

/** Tells how the block ended. Not one more line of its code runs. */
function leaveWith({ tell, restore, end }: BlockWorld): (result: BlockResult) => never {
  return result => {
    restore()
    tell({ type: 'finished', result })
    return end()
  }
}

async function runCompiled(
  compiled: CompiledBlock,
  request: BlockRequest,
  { surround, tell, restore }: BlockWorld,
  leave: (result: BlockResult) => never,
): Promise<{ readonly result: BlockResult; readonly isClean: boolean }> {
  let signal: BlockSignal | undefined
  const fail = (error: unknown): BlockResult => ({ status: 'failed', error: compiled.describe(error) })
  const block: RunningBlock = {
    tell,
    started: new Set(),
    script: compiled.name,
    feeds: /\bstdin\b|\.(?:write|end)\(|\.child\b/.test(request.code),
    leave: error => {
      restore()
      return leave(signal ? conclude(signal) : fail(error))
    },
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
  let tasks: readonly Started[] = []
  const run = async () => {
    // A turn later all that waits for the block has told its promise so, by a `then` that no block has replaced.
    await new Promise(resolve => setImmediate(resolve))
    own = await settle(async () => await load(compiled)(followed))
    restore()
    tasks = listTasks(block)
    // One turn more, in which a rejection that nobody handles is heard of.
    await new Promise(resolve => setImmediate(resolve))
    await waitForKilled(() => listPending(block).some(one => one.isEnding?.()))
    if (listPending(block).every(({ isResource }) => isResource))
      await waitForBrief(() => listPending(block).length > 0)
  }
  const surrounded = await settle(() => runAs(block, () => surround(request, () => untilFirst([run(), strays.caught]))))
  restore()
  if ('error' in surrounded) own = surrounded
  strays.ignore()
  const pending = [...new Set([...listPending(block), ...tasks])]
  return { result: judge(own), isClean: pending.length === 0 && strays.first() === undefined }

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

function load({ script }: CompiledBlock): (scope: unknown) => unknown {
  const block: unknown = script.runInThisContext()
  if (typeof block !== 'function') throw new TypeError('the block did not compile to a function')
  return scope => block(scope)
}

/** How a block ended that said so itself. */
function conclude({ status, message }: BlockSignal): BlockResult {
  return status === 'blocked' ? { status, reason: message, begun: true } : { status, reason: message }
}

/** What `Promise.race` does, by no means that a block could have replaced by then. */
function untilFirst(all: readonly Promise<unknown>[]): Promise<void> {
  return new Promise((resolve, reject) => {
    for (let at = 0; at < all.length; at++) {
      const settle = async () => {
        try {
          await all[at]
          resolve()
        } catch (error) {
          reject(error)
        }
      }
      void settle()
    }
  })
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
