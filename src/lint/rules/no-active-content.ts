import type { Nodes } from 'mdast'
import { isAlias, isCollection, isPair, isScalar } from 'yaml'
import { findYamlOffset } from '../../base/index.ts'
import { listNodes, type Place, readMatter } from '../../procedure/index.ts'
import type { ReadPage } from '../page.ts'
import { ASKS, type Finding, isActiveUrl, judgeTag, runsAsUrl } from '../references/active-content.ts'
import { listHtmlTags } from '../references/html-tags.ts'
import { judgeCode, readText } from '../references/mdx-code.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

/** Readers are signed in to other sites. So nothing on a page may run by itself, ask for input, or look like the site. */
export const noActiveContent: Rule = {
  id: 'no-active-content',
  severity: 'error',
  summary:
    'Nothing on a page runs in the reader’s browser: no script, no frame, no form, no handler, no javascript: link',
  hint: 'Remove it, or write it as plain Markdown; what an .mdx page may have in braces is in docs/contributing/write-a-page.md',
  checkPage(page) {
    const nodes = listNodes(page.tree)
    // Names that the page gives itself, which no element may have: <Name> could be a script by then.
    const local = new Set<string>()
    const code = nodes.flatMap(node => checkCode(node, local))
    const found = [
      ...nodes.flatMap(checkLink),
      ...listHtmlTags(nodes, page.text.split(/\r\n|\r|\n/)).flatMap(judgeTag),
      ...code,
      ...nodes.flatMap(node => checkElement(node, local)),
      ...checkMatter(page),
    ]
    // What stands in a form goes with it.
    const hasForm = found.some(({ found }) => found.toLowerCase() === '<form>')
    const counted = found.filter(
      ({ message, found }) => !hasForm || message !== ASKS || found.toLowerCase() === '<form>',
    )
    return counted.map(({ place, message, found }): Violation => violation(place, message, { found }))
  },
}

const LINK = 'This link would run, or show, what stands in it'

function checkLink(node: Nodes): Finding[] {
  if (node.type !== 'link' && node.type !== 'image' && node.type !== 'definition') return []
  return isActiveUrl(node.url) ? [{ place: placeOf(node), message: LINK, found: node.url }] : []
}

function checkCode(node: Nodes, local: Set<string>): Finding[] {
  if (node.type !== 'mdxjsEsm' && node.type !== 'mdxFlowExpression' && node.type !== 'mdxTextExpression') return []
  return judgeCode(node.data?.estree, local)
}

/** An element of MDX: its tag, and what its attributes have in braces. */
function checkElement(node: Nodes, local: ReadonlySet<string>): Finding[] {
  if (node.type !== 'mdxJsxFlowElement' && node.type !== 'mdxJsxTextElement') return []
  const place = placeOf(node)
  const name = node.name ?? ''
  const attributes = node.attributes.map(attribute => {
    const isNamed = attribute.type === 'mdxJsxAttribute'
    const { value } = attribute
    const code = isNamed && typeof value === 'object' ? value?.data?.estree : undefined
    return {
      name: isNamed ? attribute.name : '',
      value: typeof value === 'string' && isNamed ? value : value === null || value === undefined ? '' : readText(code),
      code,
      place: placeOf(attribute),
    }
  })
  const found = judgeTag({ name, attributes, place })
  const inside = attributes.flatMap(({ code, place }) =>
    code === undefined || found.some(one => one.place === place) ? [] : judgeCode(code, new Set()),
  )
  const [base = ''] = name.split('.')
  const named = local.has(base)
    ? [{ place, message: `Nobody sees which element ${base} is: the page itself says it`, found: `<${name}>` }]
    : []
  return [...found, ...inside, ...named]
}

/** The keys of front matter that become links and pictures. */
const ADDRESS = /(?:image|img|url|href|link|slug|icon|logo|photo|to)$/i

function checkMatter({ matter, path }: ReadPage): Finding[] {
  if (!matter || !/[a-z]+:|&|\\/i.test(matter.yaml)) return []
  const { document, placeAt } = readMatter(matter.yaml, matter.firstLine)
  const found: Finding[] = []
  const look = (node: unknown, key: string): void => {
    if (isAlias(node)) look(node.resolve(document), key)
    else if (isPair(node)) look(node.value, isScalar(node.key) ? String(node.key.value) : key)
    else if (isCollection(node)) for (const item of node.items) look(item, key)
    else if (isScalar(node) && typeof node.value === 'string') {
      const { value } = node
      if (!runsAsUrl(value) && !(ADDRESS.test(key) && isActiveUrl(value))) return
      found.push({ place: placeAt(node.range?.[0] ?? 0), message: LINK, found: value })
    }
  }
  look(document.contents, '')
  const format: unknown = document.errors.length > 0 ? undefined : document.getIn(['mdx', 'format'])
  const ending = path.endsWith('.mdx') ? 'mdx' : 'md'
  if (format !== undefined && format !== ending && format !== 'detect')
    found.push({
      place: placeAt(findYamlOffset(document, ['mdx', 'format'])),
      message: `The site would read this page as ${String(format)}, and everything else as ${ending}, by its name`,
      found: String(format),
    })
  return found
}

function placeOf({ position }: Pick<Nodes, 'position'>): Place {
  const { line, column } = position?.start ?? { line: 1, column: 1 }
  return { line, column }
}
