import type { Problem } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { Step } from '../../procedure/index.ts'
import { describeUnknown, oneOf } from '../describe-unknown.ts'
import type { Page } from '../page.ts'
import { READ_HINT } from '../read-hint.ts'
import { placeInBlock } from './place-in-block.ts'
import type { ShellFacts, Word } from './shell-facts.ts'

/** What `hb` can be asked, and how many words each wants behind it. */
export const SHELL_VERBS: Readonly<Record<string, { readonly usage: string; readonly least: number }>> = {
  suggest: { usage: 'hb suggest STEP WHY', least: 2 },
  'rule-out': { usage: 'hb rule-out WHY', least: 1 },
  skip: { usage: 'hb skip WHY', least: 1 },
  evidence: { usage: 'hb evidence NAME FILE', least: 2 },
  service: { usage: 'hb service NAME start|stop|restart|reload|status|logs', least: 2 },
}
const ACTIONS = ['start', 'stop', 'restart', 'reload', 'status', 'logs']

/** Demands that `hb` is called with a verb that it has, for steps and services that exist. */
export function checkVerbs(page: Page, step: Step, { commands }: ShellFacts, file: HandbookFile): Problem[] {
  const suggestable = page.procedure.phases
    .filter(({ name }) => name === 'mitigate')
    .flatMap(({ steps }) => steps.map(({ id }) => id))
  return commands.flatMap(([command, verb, ...rest]) => {
    if (command?.text !== 'hb') return []
    const at = (word: Word) => placeInBlock(step.block, word.offset)
    if (!verb)
      return [page.problem('hb-verb', at(command), 'hb wants a verb', { expected: oneOf(Object.keys(SHELL_VERBS)) })]
    if (verb.text === undefined) return []
    const known = Object.hasOwn(SHELL_VERBS, verb.text) ? SHELL_VERBS[verb.text] : undefined
    if (!known) {
      const wording = describeUnknown(verb.text, Object.keys(SHELL_VERBS))
      return [page.problem('hb-verb', at(verb), `hb has no verb ${verb.text}`, wording)]
    }
    if (rest.length < known.least) {
      return [page.problem('hb-verb', at(verb), `hb ${verb.text} wants more words`, { expected: known.usage })]
    }
    const [first, second] = rest
    if (verb.text === 'suggest' && first?.text !== undefined && !suggestable.includes(first.text)) {
      const wording = describeUnknown(first.text, suggestable)
      return [page.problem('suggests-a-step', at(first), `This page has no step ${first.text} in Mitigate`, wording)]
    }
    if (verb.text === 'service' && first?.text !== undefined && !file.services.includes(first.text)) {
      const wording = describeUnknown(first.text, file.services)
      return [page.problem('known-service', at(first), `handbook.yaml declares no service ${first.text}`, wording)]
    }
    if (verb.text === 'service' && second?.text !== undefined && !ACTIONS.includes(second.text)) {
      const wording = describeUnknown(second.text, ACTIONS)
      return [page.problem('hb-verb', at(second), `A service cannot be asked to ${second.text}`, wording)]
    }
    if (
      verb.text === 'service' &&
      step.risk === 'read' &&
      /^(?:start|stop|restart|reload)$/.test(second?.text ?? '') &&
      second
    ) {
      const message = `A step that only reads may not ${second.text} a service`
      return [page.problem('hb-verb', at(second), message, { found: second.text ?? '', hint: READ_HINT })]
    }
    return []
  })
}
