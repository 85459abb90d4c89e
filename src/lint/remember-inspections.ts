import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Inspect, Inspection, PageSource } from './inspect-pages.ts'
import { findToolFiles } from './types/shared-scope.ts'

/** Where what was found is kept, as text; a store that lost it, or holds something else, costs time only. */
interface Store {
  read(): Promise<string | undefined>
  write(text: string): Promise<void>
}

/** Inspects only pages that changed since; `save` keeps what was found for the next time. */
export interface RememberedInspections {
  readonly inspect: Inspect
  save(): Promise<void>
}

interface Kept {
  /** What everything was judged by. */
  readonly context: string
  readonly inspections: readonly Inspection[]
}

/**
 * Remembers what was found of a page as long as its text and all that it is judged by stay the same, `tool` among it: it names the
 * version of the checks. What depends on other files, blocks with imports that is, is looked at every time.
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

function standsAlone({ page: { procedure } }: Inspection): boolean {
  return procedure.phases.every(({ steps }) =>
    steps.every(({ block }) => block.language === 'bash' || !/\bimport\b|\brequire\b/.test(block.code)),
  )
}

function index(kept: Kept | undefined, context: string): Map<string, Inspection> {
  if (kept?.context !== context) return new Map()
  return new Map(kept.inspections.map(inspection => [inspection.page.path, inspection]))
}

/** What a store holds is our own, as its context proves; a file cut short is no JSON. */
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

/** A store in one file, written whole or not at all. A folder that cannot be written to is no store, and no mistake. */
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

/** What the checks are made of, as a hash: the bundle that has them, the declarations of what is in scope, and the compiler. */
export async function readToolVersion(bundle: string): Promise<string> {
  const { scope, zxGlobals, nodeTypes } = findToolFiles()
  const compiler = createRequire(__filename).resolve('typescript/package.json')
  const texts = await Promise.all([bundle, scope, zxGlobals, nodeTypes, compiler].map(file => readFile(file)))
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text)
  return hash.digest('hex')
}
