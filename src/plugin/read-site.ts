import * as z from 'zod/mini'
import { type HandbookFile, handbookFileSchema } from '../environments/index.ts'
import { type LoadedHandbook, type LoadOptions, loadHandbook, readHandbook } from '../handbook/index.ts'
import { type DrillState, judgeDrills } from '../lint/index.ts'

/** What the site's own configuration takes from `handbook.yaml`. */
interface Site extends Pick<HandbookFile, 'title' | 'tagline' | 'target'> {
  /** Where the site is published: scheme, host and port. */
  readonly url: string
  /** The path below it, with a slash at both ends. */
  readonly baseUrl: string
}

/** What `handbook.yaml` says of the site as a whole; what it would say by default when it is wrong, which the plugin reports. */
export async function readSite(root: string): Promise<Site> {
  const result = await readHandbook(root)
  const { title, tagline, target, url } = 'handbook' in result ? result.handbook.file : NOTHING
  const { origin, pathname } = new URL(url)
  return { title, tagline, target, url: origin, baseUrl: `${pathname.replace(/\/*$/, '')}/` }
}

const NOTHING = handbookFileSchema.parse({ url: 'https://handbook.invalid' })

/** A handbook as the site needs it: with what each of its drills is worth now. */
export interface SiteHandbook extends LoadedHandbook {
  /** By the procedure's path. */
  readonly drills: ReadonlyMap<string, readonly DrillState[]>
}

/** Reads and checks the handbook in `root`, and judges its drills; never throws for what an author wrote. */
export async function loadSite(root: string, options: LoadOptions): Promise<SiteHandbook> {
  const handbook = await loadHandbook(root, options)
  const drills = await Promise.all(
    handbook.procedures.map(async procedure => [procedure.path, await judgeDrills(procedure, handbook)] as const),
  )
  return { ...handbook, drills: new Map(drills) }
}

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
