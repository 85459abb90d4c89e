import { join } from 'node:path'
import { type Executor, startLocalExecutor } from '../../execute/index.ts'
import { inheritVariables } from '../open/inherit-variables.ts'
import type { Ports } from '../ports.ts'
import type { ReadyRun } from './perform-run.ts'

/**
 * Runs the blocks of several runs on this machine, one after the other: their ts blocks share a process. `contained` are words before a command
 * that keep it from what it must not do. Whoever starts it closes it.
 */
export function startSharedExecutor(
  { bundles, env }: Pick<Ports, 'bundles' | 'env'>,
  contained?: readonly string[],
): Executor {
  return startLocalExecutor(join(bundles, 'worker.cjs'), inheritVariables(env, bundles), {
    sharing: true,
    ...(contained === undefined ? {} : { within: contained, apart: true }),
  })
}

/** What runs the blocks of a run, where its environment says, and what blocks inherit there. */
export function startExecutor(
  { request: { environment }, contained, executor }: ReadyRun,
  { bundles, scratch, inherited }: { bundles: string; scratch: string; inherited: Readonly<Record<string, string>> },
): { readonly executor: Executor; readonly inherited: Readonly<Record<string, string>>; readonly isOwn: boolean } {
  const { within, variables } = environment
  if (within === undefined && contained === undefined && executor) return { executor, inherited, isOwn: false }
  const given = contained ? { ...inherited, TMPDIR: scratch } : inherited
  // What a program trusts is read when it starts, before a block brings its variables.
  const started = within === undefined ? given : { ...given, ...variables }
  const words = contained ? [...(within ?? []), ...contained.words(scratch)] : within
  const own = startLocalExecutor(join(bundles, 'worker.cjs'), started, {
    ...(words === undefined ? {} : { within: words }),
    apart: contained !== undefined,
  })
  return { executor: contained ? hintAt(contained.hint, own) : own, inherited: given, isOwn: true }
}

/** The same, where a block that failed says what may be the reason, unless it knows better. */
function hintAt(hint: string, executor: Executor): Executor {
  return {
    ...executor,
    async run(request, listener) {
      const result = await executor.run(request, listener)
      return result.status === 'failed' ? { ...result, error: { hint, ...result.error } } : result
    },
  }
}
