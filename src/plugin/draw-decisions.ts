import type { List, ListItem, Paragraph, PhrasingContent } from 'mdast'
import type { StepDecisions } from '../lint/index.ts'
import type { PageCardView } from './view-types.ts'

/**
 * The decisions of Diagnose as a list: each step that may suggest something, the mitigations that it leads to, and why it would rule its cause
 * out. Nothing when no step suggests anything.
 */
export function drawDecisions(
  decisions: readonly StepDecisions[],
  { steps, escalate }: Pick<PageCardView, 'steps' | 'escalate'>,
): (List | Paragraph)[] {
  const leading = decisions.filter(({ suggests }) => suggests.length > 0)
  if (leading.length === 0) return []
  const link = (id: string): PhrasingContent => {
    const step = steps.find(step => step.id === id)
    return linkTo(id, step ? `${step.number} ${step.title}` : id)
  }
  const items = leading.map(({ step, suggests, rulesOut }) => {
    const ways = suggests.map(({ suggests: id, why }) =>
      paragraph('suggests ', id === null ? 'what it decides as it runs' : link(id), sayReason(why)),
    )
    const reasons = [...new Set(rulesOut)].filter(saysSomething)
    const out = reasons.length === 0 ? [] : [paragraph(`rules it out: ${reasons.join('; ')}`)]
    return item(
      paragraph(link(step)),
      list(
        [...ways, ...out].map(way => item(way)),
        false,
      ),
    )
  })
  const end = paragraph(
    'When nothing is suggested: ',
    escalate === undefined ? 'escalate' : linkTo(escalate, 'Escalate'),
    ', unless every step ruled its cause out and no alert of this page fires.',
  )
  return [list(items, true), end]
}

function sayReason(why: string): string {
  return saysSomething(why) ? `: ${why}` : ''
}

/** Whether a reason has a word that is known before the step runs. */
function saysSomething(why: string): boolean {
  return /\p{Letter}/u.test(why)
}

function list(children: ListItem[], ordered: boolean): List {
  return { type: 'list', ordered, spread: false, children }
}

function item(...children: ListItem['children']): ListItem {
  return { type: 'listItem', spread: false, children }
}

function paragraph(...parts: readonly (string | PhrasingContent)[]): Paragraph {
  return {
    type: 'paragraph',
    children: parts
      .filter(part => part !== '')
      .map(part => (typeof part === 'string' ? { type: 'text', value: part } : part)),
  }
}

function linkTo(id: string, text: string): PhrasingContent {
  return { type: 'link', url: `#${id}`, children: [{ type: 'text', value: text }] }
}
