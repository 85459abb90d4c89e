import { z } from 'zod'
import type { PublishedPage } from './summarize-handbook.ts'

const docs = z.object({
  loadedVersions: z.array(
    z.object({
      docs: z.array(
        z.object({
          source: z.string(),
          permalink: z.string(),
          frontMatter: z.object({ keywords: z.array(z.string()).default([]) }).catch({ keywords: [] }),
        }),
      ),
    }),
  ),
})
const content = z.object({ 'docusaurus-plugin-content-docs': z.record(z.string(), docs).default({}) })

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
