import * as z from 'zod/mini'
import { type HandbookFile, handbookFileSchema } from '../environments/index.ts'
import { type LoadedHandbook, type LoadOptions, loadHandbook, readHandbook } from '../handbook/index.ts'
import { type DrillState, judgeDrills, readDecisions, type StepDecisions } from '../lint/index.ts'

/** The part of `handbook.yaml` that configures the site. */
interface Site extends Pick<HandbookFile, 'title' | 'tagline' | 'target'> {
  /** Where the site is published: scheme, host and port. */
  readonly url: string
  /** The path below it, with a slash at both ends. */
  readonly baseUrl: string
  /** The names of the secrets that a run has. */
  readonly secrets: readonly string[]
}

/** Reads what `handbook.yaml` says of the site. When the file is wrong, it returns defaults: the plugin reports the problems. */
export async function readSite(root: string): Promise<Site> {
  const result = await readHandbook(root)
  const { title, tagline, target, url, secrets } = 'handbook' in result ? result.handbook.file : NOTHING
  const { origin, pathname } = new URL(url)
  return {
    title,
    tagline,
    target,
    url: origin,
    baseUrl: `${pathname.replace(/\/*$/, '')}/`,
    secrets: Object.keys(secrets),
  }
}

const NOTHING = handbookFileSchema.parse({ url: 'https://handbook.invalid' })

/** A handbook for the site: with its drills, whether each is proven, and what its pages decide. */
export interface SiteHandbook extends LoadedHandbook {
  /** By the procedure's path. */
  readonly drills: ReadonlyMap<string, readonly DrillState[]>
  /** What each step of Diagnose may decide, by the procedure's path. */
  readonly decisions: ReadonlyMap<string, readonly StepDecisions[]>
}

/** Reads and checks the handbook in `root`, and judges its drills. It never throws for a mistake of an author. */
export async function loadSite(root: string, options: LoadOptions): Promise<SiteHandbook> {
  const handbook = await loadHandbook(root, options)
  const drills = await Promise.all(
    handbook.procedures.map(async procedure => [procedure.path, await judgeDrills(procedure, handbook)] as const),
  )
  const decisions = await Promise.all(
    handbook.procedures.map(async procedure => [procedure.path, await readDecisions(procedure)] as const),
  )
  return { ...handbook, drills: new Map(drills), decisions: new Map(decisions) }
}

/** Where a page is published. */
export interface PublishedPage {
  readonly permalink: string
  readonly description: string
}

const doc = z.object({
  source: z.string(),
  permalink: z.string(),
  description: z._default(z.string(), ''),
})
const docs = z.object({ loadedVersions: z.array(z.object({ docs: z.array(doc) })) })
const content = z.object({ 'docusaurus-plugin-content-docs': z._default(z.record(z.string(), docs), {}) })

/** The address of each page on the site, by its path in the handbook. The docs plugins know it. */
export function listPublishedPages(allContent: unknown): ReadonlyMap<string, PublishedPage> {
  const instances = Object.values(content.parse(allContent)['docusaurus-plugin-content-docs'])
  const pages = instances.flatMap(({ loadedVersions }) => loadedVersions.flatMap(({ docs }) => docs))
  return new Map(
    pages.map(({ source, permalink, description }) => [source.replace(/^@site\//, ''), { permalink, description }]),
  )
}
