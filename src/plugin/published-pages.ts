import * as z from 'zod/mini'

/** Where a page is published, and the words its author gave for the search. */
export interface PublishedPage {
  readonly permalink: string
  readonly keywords: readonly string[]
}

const frontMatter = z.catch(z.object({ keywords: z._default(z.array(z.string()), []) }), { keywords: [] })
const doc = z.object({ source: z.string(), permalink: z.string(), frontMatter })
const docs = z.object({ loadedVersions: z.array(z.object({ docs: z.array(doc) })) })
const content = z.object({ 'docusaurus-plugin-content-docs': z._default(z.record(z.string(), docs), {}) })

/** Where each page stands on the site, by its path in the handbook: what the docs plugins say of it. */
export function listPublishedPages(allContent: unknown): ReadonlyMap<string, PublishedPage> {
  const instances = Object.values(content.parse(allContent)['docusaurus-plugin-content-docs'])
  const pages = instances.flatMap(({ loadedVersions }) => loadedVersions.flatMap(({ docs }) => docs))
  return new Map(
    pages.map(({ source, permalink, frontMatter }) => [
      source.replace(/^@site\//, ''),
      { permalink, keywords: frontMatter.keywords },
    ]),
  )
}
