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
