import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { countOf, SITE_FACTS } from '../../base/index.ts'
import { UsageError } from '../errors.ts'
import { readOnCall } from '../on-call/read-on-call.ts'
import { demandHandbook } from '../open/open-handbook.ts'
import type { Ports } from '../ports.ts'
import { CALL_PAGE, makeCallPage } from './call-page.ts'
import { listChangedPages, readSiteFacts, type SiteFacts } from './read-site.ts'
import { rewritePage } from './rewrite-page.ts'

/** What to pack, and where to. */
export interface PackOptions {
  /** The folder of the built site; `build` of the handbook without it. */
  readonly site?: string | undefined
  /** The folder to write, which is not there yet; a dated one beside the caller without it. */
  readonly to?: string | undefined
}

/** A folder that was written. */
export interface Pack {
  readonly folder: string
  readonly date: string
  readonly pages: number
  /** The first day on which the proofs of a page do not count any more. */
  readonly provenUntil?: string
  /** Whether it says whom to call: `known`, `not-said` when `handbook.yaml` names no rota, or why that is unknown. */
  readonly onCall: 'known' | 'not-said' | { readonly unknown: string }
}

/** What is copied as it is; the scripts of the site need a server. */
const LEFT_OUT = /^assets\/js(?:\/|$)|^sitemap\.xml$|\.html$/

/**
 * Writes the built site as a folder that opens from a disk, with its search. Throws a `UsageError` for a site that is not there, is not
 * of the pages as they are now, or whose folder is taken.
 */
export async function packSite(
  options: PackOptions,
  { cwd, bundles, env }: Pick<Ports, 'cwd' | 'bundles' | 'env'>,
): Promise<Pack> {
  const handbook = await demandHandbook(cwd)
  const { root } = handbook
  const site = options.site === undefined ? join(root, 'build') : resolve(cwd, options.site)
  const facts = await readSiteFacts(site)
  await demandCurrent(root, facts)
  const folder = resolve(cwd, options.to ?? `${nameFolder(facts.title)}-${facts.date}`)
  const all = await readdir(site, { recursive: true, withFileTypes: true })
  const files = all
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(site.length + 1))
  const onCall = await readOnCall(handbook, { env, now: new Date() })
  const styles = files.filter(file => /^assets\/css\/.*\.css$/.test(file)).map(file => `/${file}`)
  const calls = onCall.state === 'known' ? makeCallPage(onCall, handbook.file.owners, { ...facts, styles }) : undefined
  const known = new Set(calls === undefined ? files : [...files, CALL_PAGE])
  const provenUntil = new Map(facts.pages.map(page => [page.permalink, page.provenUntil]))
  const fileOf = (path: string) => findFile(path, facts.baseUrl, known)
  const untilOf = new Map([...provenUntil].map(([permalink, until]) => [fileOf(permalink), until]))
  const pages = [...known].filter(file => file.endsWith('.html'))
  await makeFolder(folder, async () => {
    for (const file of files.filter(file => !LEFT_OUT.test(file) && file !== SITE_FACTS)) {
      await mkdir(join(folder, dirname(file)), { recursive: true })
      await cp(join(site, file), join(folder, file))
    }
    for (const file of pages) {
      const text = file === CALL_PAGE && calls !== undefined ? calls : await readFile(join(site, file), 'utf8')
      const page = { file, fileOf, title: facts.title, date: facts.date, provenUntil: untilOf.get(file) }
      await mkdir(join(folder, dirname(file)), { recursive: true })
      await writeFile(join(folder, file), rewritePage(text, page))
    }
    for (const file of ['pack.js', 'pack.css']) await cp(join(bundles, file), join(folder, file))
    await writeFile(join(folder, 'search-index.js'), makeIndexScript(facts, fileOf))
  })
  const [first] = [...provenUntil.values()].flatMap(until => until ?? []).toSorted()
  return {
    folder,
    date: facts.date,
    pages: pages.length,
    ...(first === undefined ? {} : { provenUntil: first }),
    onCall: onCall.state === 'unknown' ? { unknown: onCall.why } : onCall.state,
  }
}

/** Throws when a page is not as it was built: the copy would show something else than what runs. */
async function demandCurrent(root: string, { pages }: Pick<SiteFacts, 'pages'>): Promise<void> {
  const changed = await listChangedPages(root, { pages })
  if (changed.length === 0) return
  const others = changed.length > 1 ? ` and ${countOf(changed.length - 1, 'other page', 'other pages')}` : ''
  throw new UsageError(
    `The built site is older than its pages: ${changed[0]}${others} changed since`,
    'Build it again: npm run build',
  )
}

/** Makes the folder and has it filled; what could not be written whole is taken away again. */
async function makeFolder(folder: string, fill: () => Promise<void>): Promise<void> {
  try {
    await mkdir(dirname(folder), { recursive: true })
    await mkdir(folder)
  } catch (error) {
    const taken = isSystemError(error) && error.code === 'EEXIST' && error.path === folder
    throw new UsageError(
      taken ? `${folder} is there already` : `${folder} cannot be made: ${describe(error)}`,
      'Name another folder: --to FOLDER',
    )
  }
  try {
    await fill()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw isSystemError(error) ? new UsageError(`${folder} could not be written: ${describe(error)}`) : error
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The file that an address leads to, as a static host would find it. */
function findFile(path: string, baseUrl: string, files: ReadonlySet<string>): string | undefined {
  const inside = path.startsWith(baseUrl) ? path.slice(baseUrl.length) : path.replace(/^\//, '')
  const bare = inside.replace(/\/$/, '')
  return [bare, join(bare, 'index.html'), `${bare}.html`].find(file => files.has(file))
}

/** The index as a script: a page that was opened from a disk may load scripts, and no data. */
function makeIndexScript({ index }: SiteFacts, fileOf: (path: string) => string | undefined): string {
  const { entries, ...words } = Object(index)
  const led = (entries as { url: string }[]).map(entry => {
    const [path = '', hash] = entry.url.split('#')
    const file = fileOf(path)
    return file === undefined ? entry : { ...entry, url: hash === undefined ? file : `${file}#${hash}` }
  })
  return `globalThis.handbookIndex=${JSON.stringify({ ...words, entries: led })}\n`
}

function nameFolder(title: string): string {
  const name = title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')
  return basename(name.replaceAll(/^-|-$/g, '')) || 'handbook'
}
