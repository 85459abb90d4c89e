import vm from 'node:vm'
import type { BlockRequest, BlockResult, WorkerReport } from '../protocol.ts'
import { createScope } from '../scope.ts'
import { isLeftover, withOutput } from './block-output.ts'
import type { BlockSignal } from './block-signal.ts'
import { compileBlock } from './compile-block.ts'
import { toJson } from './to-json.ts'
import type { Surround } from './warm-typescript.ts'

/** Runs a TypeScript block as the body of an async function; what it returns is the step's value. */
export async function runTypeScript(
  request: BlockRequest,
  surround: Surround,
  tell: (report: WorkerReport) => void,
): Promise<BlockResult> {
  const compiled = compileBlock(request)
  if ('error' in compiled) return { status: 'failed', error: compiled.error }
  let ended: BlockSignal | undefined
  const conclude = (): BlockResult | undefined => {
    if (!ended) return undefined
    if (ended.status === 'blocked') return { status: 'blocked', reason: ended.message, begun: true }
    return { status: ended.status, reason: ended.message }
  }
  const fail = (error: unknown): BlockResult => conclude() ?? { status: 'failed', error: compiled.describe(error) }
  const scope = createScope(request, tell, signal => {
    ended ??= signal
    return signal
  })
  const stray = catchStrays()
  const exit = process.exit
  process.exit = code => {
    const called = new Error(`process.exit(${code ?? ''}) was called: a block ends with return, or with throw`)
    tell({ type: 'finished', result: fail(called), leaving: true })
    return exit(code)
  }
  try {
    const block: unknown = new vm.Script(compiled.code, {
      filename: compiled.name,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }).runInThisContext()
    if (typeof block !== 'function') throw new TypeError('the block did not compile to a function')
    const value = toJson(
      await withOutput(request, () => surround(request, () => Promise.race([block(scope), stray.thrown]))),
    )
    return conclude() ?? (value === undefined ? { status: 'passed' } : { status: 'passed', value })
  } catch (error) {
    return fail(error)
  } finally {
    process.exit = exit
    stray.ignore()
  }
}

/** Errors that nobody waits for, such as a rejected promise or one thrown by a timer: they fail the block, too. */
function catchStrays(): { readonly thrown: Promise<never>; ignore(): void } {
  let reject: (error: unknown) => void = () => {}
  const thrown = new Promise<never>((_, no) => {
    reject = no
  })
  thrown.catch(() => {})
  const onStray = (error: unknown) => {
    if (!isLeftover()) reject(error)
  }
  for (const event of STRAYS) process.removeAllListeners(event)
  for (const event of STRAYS) process.on(event, onStray)
  // Kept until the next block: one that comes late must not end this process.
  return { thrown, ignore: () => (reject = () => {}) }
}

const STRAYS = ['unhandledRejection', 'uncaughtException'] as const
