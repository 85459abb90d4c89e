import { isShellVerb, SHELL_VERBS, type Step } from '../../procedure/index.ts'
import { describeUnknown, oneOf } from '../describe-unknown.ts'
import type { BashBlock } from '../facts.ts'
import { READ_HINT } from '../read-hint.ts'
import { type Rule, type Violation, violation } from '../rule.ts'
import { findCalls } from '../shell/hb-calls.ts'
import { placeInBlock } from '../shell/place-in-block.ts'
import type { ShellFacts } from '../shell/shell-facts.ts'

const VERBS = Object.keys(SHELL_VERBS)
const CHANGES = ['start', 'stop', 'restart', 'reload']
const ACTIONS = [...CHANGES, 'status', 'logs']

/** `hb` is called with a verb that it has, and words that this step may use. */
export const hbVerb: Rule = {
  id: 'hb-verb',
  severity: 'error',
  summary: 'hb is called with a known verb and enough words',
  hint: 'See hb --help',
  checkBash: block => [...findIncomplete(block.step, block.facts), ...findWrongActions(block)],
}

function findIncomplete({ block }: Step, { commands }: ShellFacts): Violation[] {
  return commands.flatMap(([command, verb, ...words]) => {
    if (command?.text !== 'hb') return []
    if (!verb) {
      return violation(placeInBlock(block, command.offset), 'hb wants a verb', { expected: oneOf(VERBS) })
    }
    if (verb.text === undefined) return []
    const place = placeInBlock(block, verb.offset)
    if (!isShellVerb(verb.text)) {
      return violation(place, `hb has no verb ${verb.text}`, describeUnknown(verb.text, VERBS))
    }
    const { least, words: wanted } = SHELL_VERBS[verb.text]
    if (words.length >= least) return []
    return violation(place, `hb ${verb.text} wants more words`, { expected: `hb ${verb.text} ${wanted}` })
  })
}

function findWrongActions({ step, facts, file }: BashBlock): Violation[] {
  return findCalls(facts).flatMap(({ verb, words: [name, action] }) => {
    if (verb !== 'service' || action?.text === undefined) return []
    // Of a service that there is not, nothing more is said.
    if (name?.text !== undefined && !file.services.includes(name.text)) return []
    const place = placeInBlock(step.block, action.offset)
    if (!ACTIONS.includes(action.text)) {
      return violation(place, `A service cannot be asked to ${action.text}`, describeUnknown(action.text, ACTIONS))
    }
    if (step.risk !== 'read' || !CHANGES.includes(action.text)) return []
    const message = `A step that only reads may not ${action.text} a service`
    return violation(place, message, { found: action.text, hint: READ_HINT })
  })
}
