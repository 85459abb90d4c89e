import type { UnrevertedChange } from './event.ts'
import type { UnrevertedRun } from './run-store.ts'

/** The changes of runs, one by one; those of the newest run come first. */
export function listChanges(runs: readonly UnrevertedRun[]): UnrevertedChange[] {
  return runs.flatMap(({ run, procedure, title: page, started, standing, interrupted }) =>
    standing.map(({ step, title, undoneBy }) => ({
      run,
      procedure,
      page,
      started,
      step,
      title,
      ...(undoneBy === undefined ? {} : { undoneBy }),
      ...(interrupted ? { interrupted } : {}),
    })),
  )
}

/** An unreverted change in a sentence, with what reverts it: the command has a line to itself, to be copied. */
export function describeChange({ run, page, started, title, undoneBy, interrupted }: UnrevertedChange): string {
  const what = interrupted ? 'was begun and is unreverted' : 'is unreverted'
  const how =
    undoneBy === undefined && !interrupted
      ? 'No step of that page reverts it'
      : `Roll it back:\nhandbook runs roll-back ${run}`
  return `“${title}” ${what}, from “${page}” of ${started.slice(0, 16).replace('T', ' ')} UTC. ${how}`
}
