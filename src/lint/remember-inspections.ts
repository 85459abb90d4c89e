import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Inspect, Inspection, PageSource } from './inspect-pages.ts'
import { findToolFiles } from './types/shared-scope.ts'

/** Keeps results as text. If the store loses them or holds something else, the next check only takes longer. */
interface Store {
  read(): Promise<string | undefined>
  write(text: string): Promise<void>
}

/** Inspects only pages that have changed; `save` keeps the results for the next time. */
export interface RememberedInspections {
  readonly inspect: Inspect
  save(): Promise<void>
}

interface Kept {
  /** A hash of the tool and the facts. */
  readonly context: string
  readonly inspections: readonly Inspection[]
}

/**
 * Keeps the results of a page as long as its text, the facts and `tool` stay the same. `tool` names the version of the checks.
 * Pages with imports in their blocks depend on other files, so they are checked every time.
 */
export function rememberInspections(inspect: Inspect, store: Store, tool: string): RememberedInspections {
  let context: string | undefined
  let known = new Map<string, Inspection>()
  let changed = false
  return {
    async inspect(sources, facts) {
      const now = digest(JSON.stringify([tool, facts]))
      if (context === undefined) known = index(readKept(await store.read()), now)
      else if (context !== now) known = new Map()
      context = now
      const missing = sources.filter(source => !isKnown(source, known.get(source.path)))
      const { inspections, failures } = await inspect(missing, facts)
      const fresh = new Map(inspections.map(inspection => [inspection.page.path, inspection]))
      if (failures.length === 0 && missing.length > 0) {
        for (const [path, inspection] of fresh) if (standsAlone(inspection)) known.set(path, inspection)
        changed = true
      }
      const all = sources.flatMap(({ path }) => fresh.get(path) ?? known.get(path) ?? [])
      return { inspections: all, failures }
    },
    async save() {
      if (!changed || context === undefined) return
      await store.write(JSON.stringify({ context, inspections: [...known.values()] } satisfies Kept))
      changed = false
    },
  }
}

function isKnown({ text }: PageSource, inspection: Inspection | undefined): boolean {
  return inspection?.page.procedure.hash === digest(text)
}

/** Whether no other file decides what its blocks are. What Node.js has itself changes only with the tool. */
function standsAlone({ page: { procedure } }: Inspection): boolean {
  return procedure.phases.every(({ steps }) =>
    steps.every(({ block }) => block.language === 'bash' || !LOADS.test(block.code.replaceAll(OF_NODE, ''))),
  )
}

const OF_NODE = /\bimport\s*\(\s*(['"])node:[\w/]+\1\s*\)/g
/** `restore --import ${file}` loads nothing: what follows is no module. */
const LOADS = /\bimport\s*[\w("'{*./]|\brequire\b/

function index(kept: Kept | undefined, context: string): Map<string, Inspection> {
  if (kept?.context !== context) return new Map()
  return new Map(kept.inspections.map(inspection => [inspection.page.path, inspection]))
}

/** A store holds only what we wrote: its context proves it. A file that was cut off is not JSON. */
function readKept(text: string | undefined): Kept | undefined {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A store in one file, which is written completely or not at all. If the folder is not writable, nothing is kept, without an error. */
export function fileStore(file: string): Store {
  return {
    read: () => readFile(file, 'utf8').catch(() => undefined),
    async write(text) {
      const draft = `${file}.${process.pid}`
      await mkdir(dirname(file), { recursive: true })
        .then(() => writeFile(draft, text))
        .then(() => rename(draft, file))
        .catch(() => undefined)
    },
  }
}

/** A hash of the tool: the bundle with the checks, the declarations of the scope, and the compiler. */
export async function readToolVersion(bundle: string): Promise<string> {
  const { scope, zxGlobals, nodeTypes } = findToolFiles()
  const compiler = createRequire(__filename).resolve('typescript/package.json')
  const texts = await Promise.all([bundle, scope, zxGlobals, nodeTypes, compiler].map(file => readFile(file)))
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text)
  return hash.digest('hex')
}
