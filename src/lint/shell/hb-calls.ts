import { isShellVerb, SHELL_VERBS, type ShellVerbName } from '../../procedure/index.ts'
import type { ShellFacts, Word } from './shell-facts.ts'

/** A call of `hb` with a verb that it has, and with as many words as that wants. */
export interface HbCall {
  readonly verb: ShellVerbName
  readonly words: readonly Word[]
}

/** The calls of `hb` in a block that are complete. */
export function findCalls({ commands }: ShellFacts): HbCall[] {
  return commands.flatMap(([command, verb, ...words]) => {
    if (command?.text !== 'hb' || verb?.text === undefined || !isShellVerb(verb.text)) return []
    return words.length < SHELL_VERBS[verb.text].least ? [] : { verb: verb.text, words }
  })
}
