import { type HandbookFile, handbookFileSchema } from '../environments/index.ts'
import { readHandbook } from '../handbook/index.ts'

/** What the site's own configuration takes from `handbook.yaml`. */
export interface Site extends Pick<HandbookFile, 'title' | 'tagline' | 'target'> {
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
