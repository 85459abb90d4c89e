/** A measure that was taken and is still in force. */
export interface Standing {
  readonly step: string
  /** The step that takes it back, if the page has one. */
  readonly undoneBy?: string
}

/** A change that healed: it is undone only when somebody knows that it was not right. */
export interface Cure {
  readonly step: string
  /** The step that undoes it. */
  readonly undoneBy: string
  /** When undoing it is right, in the page's words. */
  readonly when: string
}

/** A change of an earlier run that nobody has reverted, or that it is not known what a run changed: then its step has no name. */
export interface UnrevertedChange {
  readonly run: string
  /** Empty, as are the next ones, when nothing of the run can be read. */
  readonly procedure: string
  /** The page's title. */
  readonly page: string
  /** When the run started: ISO 8601, UTC. */
  readonly started: string
  readonly step: string
  /** The step's title. */
  readonly title: string
  /** The step that reverts it, if its page has one. */
  readonly undoneBy?: string
  /** Set when its run was not seen to end: the change may be only partially done. */
  readonly interrupted?: true
  /** Why it is not known what the run changed: there may be nothing to revert, or much. */
  readonly unknown?: string
}

/** A run that changed something and did not undo it. */
export interface UnrevertedRun {
  readonly run: string
  readonly procedure: string
  readonly title: string
  readonly environment: string
  /** Which deployment that was, where several come after each other. */
  readonly deployment?: string
  /** ISO 8601, UTC. */
  readonly started: string
  /** What it changed, with the titles of the steps. */
  readonly standing: readonly (Standing & { readonly title: string })[]
  readonly cures: readonly Cure[]
  /** Whether it was not seen to end: `standing` is then what it began to change. */
  readonly interrupted: boolean
  /** Why not all is known of what it changed. */
  readonly unknown?: string
}

/** A step of a later run that passed, and may have undone what a run did. */
export interface LaterRevert {
  readonly run: string
  readonly step: string
  /** Whether that run was its roll back. */
  readonly rollsBack: boolean
}

/** The changes of runs, one by one; those of the newest run come first. */
export function listChanges(runs: readonly UnrevertedRun[]): UnrevertedChange[] {
  return runs.flatMap(({ run, procedure, title: page, started, standing, interrupted, unknown }) => [
    ...standing.map(({ step, title, undoneBy }) => ({
      run,
      procedure,
      page,
      started,
      step,
      title,
      ...(undoneBy === undefined ? {} : { undoneBy }),
      ...(interrupted ? { interrupted } : {}),
    })),
    ...(unknown === undefined ? [] : [{ run, procedure, page, started, step: '', title: '', unknown }]),
  ])
}

/** That there are more unreverted changes than are named. */
export function describeMore(more: number): string {
  return `${more} more: handbook runs unreverted`
}

/** An unreverted change in a sentence, with what reverts it: the command has a line to itself, to be copied. */
export function describeChange({
  run,
  page,
  started,
  title,
  undoneBy,
  interrupted,
  unknown,
}: UnrevertedChange): string {
  if (unknown !== undefined)
    return `What run ${run} changed is unknown, and may be unreverted: ${unknown}. Look at it:\nhandbook runs show ${run}`
  const what = interrupted ? 'was begun and is unreverted' : 'is unreverted'
  const how =
    undoneBy === undefined && !interrupted
      ? 'No step of that page reverts it'
      : `Roll it back:\nhandbook runs roll-back ${run}`
  return `“${title}” ${what}, from “${page}” of ${started.slice(0, 16).replace('T', ' ')} UTC. ${how}`
}
