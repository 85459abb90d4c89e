import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SITE_FACTS } from '../base/index.ts'
import { provenUntil } from '../lint/index.ts'
import type { SearchIndex } from '../search/index.ts'
import type { SiteHandbook } from './read-site.ts'

/** What the facts are read from. */
interface Sources {
  readonly handbook: Pick<SiteHandbook, 'procedures' | 'drills' | 'handbook'>
  /** Where each page is published, by its path. */
  readonly permalinks: ReadonlyMap<string, string>
  readonly index: SearchIndex | undefined
  readonly baseUrl: string
}

/** Writes into the folder of a built site of what and when it was built, for whoever copies or serves it. */
export async function writeSiteFacts(folder: string, { handbook, permalinks, index, baseUrl }: Sources): Promise<void> {
  const file = handbook.handbook?.file
  const pages = handbook.procedures.flatMap(({ path, hash }) => {
    const permalink = permalinks.get(path)
    if (permalink === undefined) return []
    const ends = (handbook.drills.get(path) ?? []).flatMap(({ proof }) =>
      proof.state === 'proven' && file ? (provenUntil(proof.proof, file) ?? []) : [],
    )
    const [first] = ends.toSorted()
    return [{ path, permalink, contentHash: hash, ...(first === undefined ? {} : { provenUntil: first }) }]
  })
  const date = new Date().toISOString().slice(0, 10)
  const facts = { title: file?.title ?? 'Handbook', baseUrl, date, pages, index }
  await writeFile(join(folder, SITE_FACTS), JSON.stringify(facts))
}
