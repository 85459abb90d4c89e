import type { Heading, Link } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import { type Procedure, readTree } from '../procedure/index.ts'
import type { PublishedPage } from './read-site.ts'

/** The page of symptoms. Each level-3 heading outside its procedure is one, in the words of people who see it. */
const SYMPTOMS_PAGE = 'docs/operations/troubleshooting.md'

/** A symptom, the address of its entry, and the runbooks that the entry links to. */
export interface SymptomCard {
  readonly title: string
  readonly permalink: string
  /** Who says it: the title of its section. */
  readonly group: string
  readonly runbooks: readonly { readonly title: string; readonly permalink: string }[]
}

/** The symptoms of the troubleshooting page, in its order. Empty when the handbook has no such page. */
export function listSymptoms(
  procedures: readonly Procedure[],
  published: ReadonlyMap<string, PublishedPage>,
): readonly SymptomCard[] {
  const page = procedures.find(({ path }) => path === SYMPTOMS_PAGE)
  const permalink = published.get(SYMPTOMS_PAGE)?.permalink
  if (!page || permalink === undefined) return []
  const runbooks = procedures.flatMap(({ kind, path, title }) => {
    const address = published.get(path)?.permalink
    return kind === 'runbook' && address !== undefined ? [{ title, permalink: address }] : []
  })
  const symptoms: (Omit<SymptomCard, 'runbooks'> & { readonly links: string[] })[] = []
  for (const { title: group, text, phase, line } of page.sections) {
    if (phase) continue
    const next = Math.min(...page.sections.filter(section => section.line > line).map(section => section.line))
    const headings = page.headings.filter(heading => heading.depth === 3 && heading.line > line && heading.line < next)
    for (const node of readTree(text, page.path, () => {}).children) {
      if (isSymptom(node)) {
        const heading = headings.shift()
        symptoms.push({
          title: heading?.title ?? toText(node, { includeHtml: false }),
          permalink: `${permalink}#${heading?.id}`,
          group,
          links: [],
        })
      } else visit(node, 'link', ({ url }: Link) => void symptoms.at(-1)?.links.push(url))
    }
  }
  return symptoms.map(({ links, ...symptom }) => ({
    ...symptom,
    runbooks: runbooks.filter(({ permalink }) => links.some(link => link.replace(/#.*$/, '') === permalink)),
  }))
}

function isSymptom(node: { readonly type: string; readonly depth?: number }): node is Heading {
  return node.type === 'heading' && node.depth === 3
}
