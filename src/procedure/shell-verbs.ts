/** A verb of `hb`, by which a bash block speaks to its run. */
export interface ShellVerb {
  /** The words behind the verb, as its usage shows them. */
  readonly words: string
  /** The fewest words that the verb needs. */
  readonly least: number
  /** What the verb does, for somebody who called `hb` wrongly. */
  readonly does: string
  /** Whether it ends the step. */
  readonly ends?: true
}

/**
 * All verbs of `hb`, in one table. A verb that only passes on its words, as one text, needs only its row here and its meaning in
 * src/execute/local/bash-block.ts. A verb with more behaviour also has a branch in src/execute/local/hb.
 */
export const SHELL_VERBS = {
  suggest: { words: 'STEP WHY', least: 2, does: 'point to a step of Mitigate' },
  'rule-out': { words: 'WHY', least: 1, does: 'this cause is not the one; ends the step', ends: true },
  skip: { words: 'WHY', least: 1, does: 'end the step without a result', ends: true },
  evidence: { words: 'NAME FILE', least: 2, does: 'keep a copy of a file with the run' },
  service: {
    words: 'NAME start|stop|restart|reload|status|logs',
    least: 2,
    does: 'start, stop, restart, reload, status or logs',
  },
  silence: {
    words: '--alert NAME[,NAME] --for 30m WHY',
    least: 5,
    does: 'silence alerts until the step is undone',
  },
} as const satisfies Readonly<Record<string, ShellVerb>>

/** A verb of `hb`. */
export type ShellVerbName = keyof typeof SHELL_VERBS

/** Whether `hb` has a verb of this name. */
export function isShellVerb(name: string): name is ShellVerbName {
  return Object.hasOwn(SHELL_VERBS, name)
}
