import * as z from 'zod/mini'

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
