import type { Heading, Link } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import * as z from 'zod/mini'
import type { DrillState } from '../lint/index.ts'
import { type Procedure, readMarkdown } from '../procedure/index.ts'
import type { PublishedPage } from './read-site.ts'
import type { Scorecard } from './scorecard.ts'

/** What is known of the handbook, in a few numbers for the front page. */
export interface FrontPageFacts {
  readonly drills: {
    readonly all: number
    readonly proven: number
    /** The day of the newest valid proof. */
    readonly latest: string | null
  }
  /** The last assessment; null when none was kept. */
  readonly readiness: null | {
    /** In percent, or in words why there is none. */
    readonly score: string
    readonly date: string
    readonly items: number
    readonly passed: number
    readonly checks: number
    readonly provenChecks: number
  }
}

/** Counts what drills have proven and what the last assessment found. */
export function countFacts(drills: readonly DrillState[], scorecard: Scorecard): FrontPageFacts {
  const proven = drills.flatMap(({ proof }) => (proof.state === 'proven' ? [proof.proof.date.slice(0, 10)] : []))
  const items = scorecard?.areas.flatMap(area => area.items).filter(({ result }) => result !== 'not-applicable') ?? []
  return {
    drills: { all: drills.length, proven: proven.length, latest: proven.toSorted().at(-1) ?? null },
    readiness: scorecard && {
      score: scorecard.headline.figure,
      date: scorecard.date.slice(0, 10),
      items: items.length,
      passed: items.filter(({ result }) => result === 'passed').length,
      checks: scorecard.checks.all,
      provenChecks: scorecard.checks.proven,
    },
  }
}

/** A guide, as the front page lists it. */
export interface GuideCard {
  readonly title: string
  readonly description: string
  readonly permalink: string
}

const text = z._default(z.string(), '')
const doc = z.object({ id: text, title: text, description: text, permalink: z.string() })
const item = z.object({
  type: z.string(),
  id: z.optional(z.string()),
  link: z.nullish(z.object({ id: z.optional(z.string()) })),
})
const version = z.object({
  docs: z.array(doc),
  sidebars: z._default(z.record(z.string(), z.array(item)), {}),
})
const content = z.object({
  'docusaurus-plugin-content-docs': z.object({ default: z.optional(z.object({ loadedVersions: z.array(version) })) }),
})

/** The guides at the top of the sidebar, in its order. A category stands for its own page. Empty when there are no docs. */
export function listGuides(allContent: unknown): readonly GuideCard[] {
  const { default: docs } = content.parse(allContent)['docusaurus-plugin-content-docs']
  return (docs?.loadedVersions ?? []).flatMap(({ docs, sidebars }) =>
    Object.values(sidebars)
      .flat()
      .flatMap(({ id, link }) => {
        const found = docs.find(doc => doc.id !== '' && doc.id === (id ?? link?.id))
        return found ? [{ title: found.title, description: found.description, permalink: found.permalink }] : []
      }),
  )
}

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
    for (const node of readMarkdown(text, page.path).children) {
      if (isSymptom(node)) {
        const heading = headings.shift()
        symptoms.push({
          title: heading?.title ?? toText(node),
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
