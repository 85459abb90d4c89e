import type { Nodes } from 'mdast'
import { listNodes, type Place } from '../../procedure/index.ts'
import type { ReadPage } from '../page.ts'
import { findActiveTags, isActiveUrl, judgeAttribute, judgeElement, type Tag } from '../references/active-content.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

/** Readers are signed in to other sites. So nothing on a page may run by itself, ask for input, or look like the site. */
export const noActiveContent: Rule = {
  id: 'no-active-content',
  severity: 'error',
  summary:
    'Nothing on a page runs in the reader’s browser: no script, no frame, no form, no handler, no javascript: link',
  hint: 'Remove it, or write it as plain Markdown',
  checkPage: page => listNodes(page.tree).flatMap(node => checkNode(node, page)),
}

function checkNode(node: Nodes, page: ReadPage): Violation[] {
  const place = node.position?.start ?? { line: 1, column: 1 }
  switch (node.type) {
    case 'link':
    case 'image':
    case 'definition':
      return isActiveUrl(node.url) ? [violation(place, LINK, { found: node.url })] : []
    case 'html':
      return checkSource(node, page, false)
    case 'mdxjsEsm':
    case 'mdxFlowExpression':
    case 'mdxTextExpression':
      return checkSource(node, page, true)
    case 'mdxJsxFlowElement':
    case 'mdxJsxTextElement': {
      const attributes = node.attributes.map(attribute => {
        const { value } = attribute
        return {
          name: attribute.type === 'mdxJsxAttribute' ? attribute.name : '',
          value: typeof value === 'string' ? value : (value?.value ?? ''),
          isCode: typeof value !== 'string' || attribute.type === 'mdxJsxExpressionAttribute',
          place: attribute.position?.start ?? place,
        }
      })
      return describe({ name: node.name ?? '', attributes, place }, true)
    }
    default:
      return []
  }
}

const LINK = 'This link would run, or show, what stands in it'

/** Checks the tags in the source text of a node. */
function checkSource(node: Nodes, { text }: ReadPage, isJsx: boolean): Violation[] {
  const { start, end } = node.position ?? {}
  if (start?.offset === undefined || end?.offset === undefined) return []
  const from = start.offset
  const placeAt = (offset: number): Place => {
    const lines = text.slice(from, from + offset).split(/\r\n|\r|\n/)
    const last = (lines.at(-1)?.length ?? 0) + 1
    return { line: start.line + lines.length - 1, column: lines.length === 1 ? start.column + last - 1 : last }
  }
  return findActiveTags(text.slice(from, end.offset), placeAt).flatMap(tag => describe(tag, isJsx))
}

function describe({ name, attributes, place }: Tag, isJsx: boolean): Violation[] {
  const names = attributes.map(attribute => attribute.name.toLowerCase())
  const element = judgeElement(isJsx ? name : name.toLowerCase(), names)
  const wrong = attributes.flatMap(attribute => {
    const why = judgeAttribute(attribute)
    return why === undefined ? [] : [violation(attribute.place, why, { found: attribute.name || attribute.value })]
  })
  return element === undefined ? wrong : [violation(place, element, { found: `<${name}>` }), ...wrong]
}
