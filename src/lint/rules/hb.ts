import { isShellVerb, SHELL_VERBS, type ShellVerbName, type Step } from '../../procedure/index.ts'
import type { BashBlock } from '../facts.ts'
import { describeUnknown, oneOf, type Rule, type Violation, violation } from '../rule.ts'
import { placeInBlock, type ShellFacts, type Word } from '../shell/read-shell.ts'

const VERBS = Object.keys(SHELL_VERBS)
const CHANGES = ['start', 'stop', 'restart', 'reload']
const ACTIONS = [...CHANGES, 'status', 'logs']

/** Calls of `hb` have a known verb, and words that this step may use. */
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
    // Another rule reports an unknown service.
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

/** TypeScript checks this in ts blocks. */
export const suggestsAStep: Rule = {
  id: 'suggests-a-step',
  severity: 'error',
  summary: 'What is suggested is a step of Mitigate',
  hint: 'Name a step by its id',
  checkBash({ page, step, facts }) {
    const known = page.procedure.phases
      .filter(({ name }) => name === 'mitigate')
      .flatMap(({ steps }) => steps.map(({ id }) => id))
    return findCalls(facts).flatMap(({ verb, words: [id] }) => {
      if (verb !== 'suggest' || id?.text === undefined || known.includes(id.text)) return []
      const place = placeInBlock(step.block, id.offset)
      return violation(place, `This page has no step ${id.text} in Mitigate`, describeUnknown(id.text, known))
    })
  },
}

/** TypeScript checks this in ts blocks. */
export const knownService: Rule = {
  id: 'known-service',
  severity: 'error',
  summary: 'A service is declared in handbook.yaml',
  hint: 'Add it to services in handbook.yaml',
  checkBash: ({ step, facts, file: { services } }) =>
    findCalls(facts).flatMap(({ verb, words: [name] }) => {
      if (verb !== 'service' || name?.text === undefined || services.includes(name.text)) return []
      const place = placeInBlock(step.block, name.offset)
      return violation(place, `handbook.yaml declares no service ${name.text}`, describeUnknown(name.text, services))
    }),
}

/** A call of `hb` with a known verb and enough words. */
interface HbCall {
  readonly verb: ShellVerbName
  readonly words: readonly Word[]
}

/** The complete calls of `hb` in a block. */
function findCalls({ commands }: ShellFacts): HbCall[] {
  return commands.flatMap(([command, verb, ...words]) => {
    if (command?.text !== 'hb' || verb?.text === undefined || !isShellVerb(verb.text)) return []
    return words.length < SHELL_VERBS[verb.text].least ? [] : { verb: verb.text, words }
  })
}

/** What to do when a step that only reads wants to change something. */
export const READ_HINT = 'Move it to Mitigate, or write risk=change behind the language'
