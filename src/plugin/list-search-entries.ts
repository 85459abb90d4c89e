import type { Heading, Procedure } from '../procedure/index.ts'
import { listPercentages, reduceWord, type SearchEntry } from '../search/index.ts'
import type { PublishedPage, SiteHandbook } from './read-site.ts'

/** What an entry is, by its page. Pages about writing the handbook are of no use to somebody who was paged. */
const CONTRIBUTING = 'docs/contributing/'
/** What is deep below them, such as decisions, has an index of its own. */
const DEEP = /\/docs\/contributing\/[^/]+\/[^/]/
const SYMPTOMS_PAGE = 'docs/operations/troubleshooting.md'

/** Everything that the search finds: each page, and each heading on it with the words below it. */
export function listSearchEntries(
  { procedures, rules }: Pick<SiteHandbook, 'procedures' | 'rules'>,
  published: ReadonlyMap<string, Pick<PublishedPage, 'permalink' | 'description'>>,
): readonly SearchEntry[] {
  return procedures.flatMap(procedure => {
    const page = published.get(procedure.path)
    return page ? listPage(procedure, page.permalink, rules.rules, page.description) : []
  })
}

/** The pages among these, with nothing but their names: a page for an address without one looks among them. */
export function listNames(entries: readonly SearchEntry[]): readonly SearchEntry[] {
  return entries.flatMap(({ page, words: _, parts: __, keywords, ...entry }) => {
    if (page !== undefined || DEEP.test(entry.url)) return []
    // Who was paged looks for no page for those who write or assess; it is found by its title.
    const isForNight = entry.kind !== 'contributing' && entry.kind !== 'assessment'
    return [{ ...entry, ...(keywords && isForNight ? { keywords } : {}), text: '' }]
  })
}

function listPage(
  procedure: Procedure,
  permalink: string,
  rules: SiteHandbook['rules']['rules'],
  description: string,
): SearchEntry[] {
  const { title, alerts, keywords, drills, sections, phases } = procedure
  const kind = judgeKind(procedure)
  const summaries = rules.flatMap(rule =>
    rule.kind === 'alert' && alerts.includes(rule.alert) ? [rule.annotations.summary ?? ''] : [],
  )
  const steps = new Set(phases.flatMap(phase => phase.steps.map(({ id }) => id)))
  const lead = sections[0]?.lead ?? ''
  const page: SearchEntry = {
    url: permalink,
    kind,
    title,
    ...(alerts.length > 0 ? { alerts } : {}),
    ...(keywords.length > 0 ? { keywords } : {}),
    words: [...new Set(summaries), ...drills.map(({ fault }) => fault)].join(' '),
    parts: shorten(procedure.headings.map(({ title, id }) => `${title} ${id.replaceAll('-', ' ')}`).join(' ')),
    text: shorten(`${description} ${lead}`),
  }
  const parts = sections.flatMap(section => {
    if (section.title === '') return []
    const end = endOf(section, sections)
    const inside = procedure.headings.filter(({ line }) => line >= section.line && line < end)
    // The checks of an area are long sentences; who looks for one finds its area.
    const groups = kind === 'assessment' ? groupByLevel3(inside).slice(0, 1) : groupByLevel3(inside)
    return groups.map(([heading, ...deeper], at) => ({
      id: heading.id,
      title: heading.title,
      text: [heading.below, ...deeper.flatMap(({ title, below }) => [title, below])].join(' '),
      depth: at === 0 ? 2 : 3,
    }))
  })
  return [
    page,
    ...parts.map(
      ({ id, title: heading, text, depth }): SearchEntry => ({
        url: `${permalink}#${id}`,
        kind: depth === 3 && procedure.path === SYMPTOMS_PAGE && !steps.has(id) ? 'symptom' : kind,
        title: heading,
        page: title,
        // Parts of pages for those who write are found by their headings: so what everybody loads stays small.
        text: kind === 'contributing' || kind === 'assessment' ? '' : shorten(text),
      }),
    ),
  ]
}

function endOf({ line }: { readonly line: number }, sections: Procedure['sections']): number {
  return Math.min(...sections.filter(section => section.line > line).map(section => section.line))
}

/** The section's own heading, and each heading of level 3 in it, with the deeper ones below. */
function groupByLevel3(headings: readonly Heading[]): (readonly [Heading, ...Heading[]])[] {
  const groups: [Heading, ...Heading[]][] = []
  for (const heading of headings) {
    const last = groups.at(-1)
    if (last && heading.depth > 3) last.push(heading)
    else groups.push([heading])
  }
  return groups
}

/**
 * Each word that says something once, since the search asks only whether a word is there; of a long text the first ones, so that what
 * everybody loads stays small, and each percentage: of a number, nobody knows another word.
 */
function shorten(text: string): string {
  const words = text.split(/\s+/).filter(word => word.length > 1 && reduceWord(word) !== null)
  return [...new Set([...[...new Set(words)].slice(0, MOST_WORDS), ...listPercentages(text)])].join(' ')
}

const MOST_WORDS = 12

function judgeKind({ kind, path }: Procedure): SearchEntry['kind'] {
  if (path.startsWith(CONTRIBUTING)) return 'contributing'
  return kind === 'page' ? 'guide' : kind === 'guide' ? 'guide' : kind
}
