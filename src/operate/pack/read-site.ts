import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { SITE_FACTS } from '../../base/index.ts'
import { UsageError } from '../errors.ts'

const page = z.object({
  /** Path relative to the handbook's root. */
  path: z.string(),
  permalink: z.string(),
  /** SHA-256 of the page as it was built. */
  contentHash: z.string(),
  /** The last day on which all proofs of the page count; absent when it has none. */
  provenUntil: z.optional(z.string()),
})

const siteFacts = z.object({
  title: z.string(),
  baseUrl: z.string(),
  /** The day of the build, in UTC. */
  date: z.string(),
  pages: z.array(page),
  /** What the search reads. */
  index: z.unknown(),
})

/** What a built site says of itself. */
export type SiteFacts = z.infer<typeof siteFacts>

/** Reads what a built site says of itself. Throws a `UsageError` for a folder that holds none. */
export async function readSiteFacts(folder: string): Promise<SiteFacts> {
  const text = await readFile(join(folder, SITE_FACTS), 'utf8').catch(() => undefined)
  if (text === undefined) throw new UsageError(`There is no built site in ${folder}`, 'Build it: npm run build')
  const read = siteFacts.safeParse(readJson(text))
  if (read.success) return read.data
  throw new UsageError(`${join(folder, SITE_FACTS)} is not what a build writes`, 'Build the site again: npm run build')
}

/** The pages of a built site that are not any more what they were when it was built. */
export async function listChangedPages(root: string, { pages }: Pick<SiteFacts, 'pages'>): Promise<string[]> {
  const changed: string[] = []
  for (const { path, contentHash } of pages) {
    const text = await readFile(join(root, path)).catch(() => undefined)
    if (text === undefined || createHash('sha256').update(text).digest('hex') !== contentHash) changed.push(path)
  }
  return changed
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
