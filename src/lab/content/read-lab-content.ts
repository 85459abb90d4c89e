import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { LabContent } from '../../journal/index.ts'
import type { LabSnapshot } from '../../lab-port/index.ts'
import { type BundledEntries, bundleEntries, type ContentEntry } from './bundle-entries.ts'
import { faultEntry, hashFaults, type ListedFault, listFaults } from './fault-files.ts'

/** What a drill does to a deployment in addition to its fault. */
const WORKLOAD = ['src/lab/workload/upload-workload.ts']
/** The programs of the service. They are deployed as bundles. */
const PROGRAMS = ['api', 'worker', 'bridgectl'].map(name => `src/bridge/${name}.entry.ts`)
/** The configuration that the lab gives the service. */
const PROFILE = 'src/lab/deployment/bridge-config.ts'
/** The files that are deployed unchanged. */
const FOLDERS = ['static/deployment', 'static/configuration']
/** Who is told of what. */
const ALERTING = 'static/monitoring/alertmanager.yaml'

/** The files that remember earlier results. */
interface ContentMemory {
  /** The files to read. The first one that is current is used. */
  readonly read: readonly string[]
  /** The file to write when none of them is current. */
  readonly write: string
}

/** Whether the sources of a lab are in a folder. */
export function hasLabSources(root: string): boolean {
  return existsSync(join(root, 'src/lab/incidents'))
}

/**
 * The content behind proofs, from the lab's sources in `root`. A remembered result is used only while every file behind it is unchanged.
 */
export async function readLabContent(root: string, { read, write }: ContentMemory): Promise<LabContent> {
  const faults = listFaults(root)
  const files = await hashFiles(root, await listFiles(root))
  const entries = listEntries(faults)
  const key = digest(JSON.stringify([entries, files]))
  for (const path of read) {
    const kept = await readKept(path)
    if (kept?.key === key && (await isCurrent(root, kept))) return kept.content
  }
  const bundled = await bundleEntries(root, entries)
  const content = await describeContent(root, faults, files, bundled)
  const { inputs } = bundled
  // Problems are not remembered but looked for every time.
  if (content.problems.length === 0) await keep(write, { key, inputs: await hashFiles(root, inputs), content })
  return content
}

/** The content that `readLabContent` kept in a file, even if the sources changed since. Undefined without such a file. */
export async function readKeptContent(path: string): Promise<LabContent | undefined> {
  return (await readKept(path))?.content
}

interface Kept {
  /** The entries and files to be hashed. */
  readonly key: string
  /** Path -> SHA-256 of every source file. */
  readonly inputs: Readonly<Record<string, string>>
  readonly content: LabContent
}

function listEntries(faults: readonly ListedFault[]): ContentEntry[] {
  return [
    ...faults.map(faultEntry),
    ...[...WORKLOAD, PROFILE].map(path => ({ id: path, module: { text: `export * from './${path}'` } })),
    ...PROGRAMS.map(path => ({ id: path, module: { path: `./${path}` } })),
  ]
}

async function describeContent(
  root: string,
  faults: readonly ListedFault[],
  files: Readonly<Record<string, string>>,
  bundled: BundledEntries,
): Promise<LabContent> {
  const hashes = await hashFaults(root, faults, bundled)
  const hashOf = (id: string) => bundled.bundles[id]?.hash ?? null
  return {
    faults: Object.fromEntries(
      faults.map(({ name, kind }) => [name, { hash: hashes[name] ?? null, deployed: kind !== 'workspace-mutation' }]),
    ),
    workload: combine(WORKLOAD.map(hashOf)),
    shipped: combine([...[...PROGRAMS, PROFILE].map(hashOf), JSON.stringify(files)]),
    problems: bundled.problems,
  }
}

function combine(hashes: readonly (string | null)[]): string | null {
  return hashes.includes(null) ? null : digest(JSON.stringify(hashes))
}

async function listFiles(root: string): Promise<string[]> {
  const found = await Promise.all(
    FOLDERS.map(async folder => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => [])
      return entries.filter(entry => entry.isFile()).map(entry => relative(root, join(entry.parentPath, entry.name)))
    }),
  )
  return [...found.flat(), ...(existsSync(join(root, ALERTING)) ? [ALERTING] : [])].sort()
}

/** The hashes of files. The kind of line ends does not count. */
async function hashFiles(root: string, paths: readonly string[]): Promise<Record<string, string>> {
  const texts = await Promise.all(paths.map(path => readFile(join(root, path), 'utf8')))
  return Object.fromEntries(paths.map((path, at) => [path, digest(texts[at]?.replaceAll('\r\n', '\n') ?? '')]))
}

async function isCurrent(root: string, { inputs }: Kept): Promise<boolean> {
  const now = await hashFiles(root, Object.keys(inputs)).catch(() => undefined)
  return now !== undefined && Object.entries(inputs).every(([path, hash]) => now[path] === hash)
}

/** We write this file ourselves. A file that was cut off is not JSON. */
async function readKept(path: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Written completely or not at all. If the folder cannot be written, only time is lost. */
async function keep(path: string, kept: Kept): Promise<void> {
  const draft = `${path}.${process.pid}`
  await mkdir(dirname(path), { recursive: true })
    .then(() => writeFile(draft, JSON.stringify(kept)))
    .then(() => rename(draft, path))
    .catch(() => undefined)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * The hashes of the lab's faults and of what it deploys: now, from the sources in `root` or from those beside the bundles, and at the time
 * of the build. Without sources, only the latter is known.
 */
export async function takeSnapshot(root: string, bundles: string): Promise<LabSnapshot | undefined> {
  const written = join(bundles, 'lab-content.json')
  const built = await readKeptContent(written)
  const sources = [root, join(bundles, '..')].find(hasLabSources)
  if (sources === undefined) return built && { now: built, built }
  const cache = join(root, '.handbook', 'cache', 'lab-content.json')
  const now = await readLabContent(sources, { read: [written, cache], write: cache })
  return { now, ...(built ? { built } : {}) }
}
