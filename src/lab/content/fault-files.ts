import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BundledEntries, bundleEntries, type ContentEntry } from './bundle-entries.ts'

/** A fault or a mutation, as the lab's sources name it. */
export interface ListedFault {
  readonly name: string
  /** Whether a runbook heals it, or whether it removes a property of the deployment or of the repository. */
  readonly kind: 'incident' | 'mutation' | 'workspace-mutation'
  /** Relative to the root. */
  readonly path: string
  /** The name of its export in the file at `path`. */
  readonly variable: string
}

const INCIDENTS = 'src/lab/incidents'
const MUTATIONS = [
  { folder: 'src/lab/mutations', kind: 'mutation' },
  { folder: 'src/lab/workspace/mutations', kind: 'workspace-mutation' },
] as const

/**
 * All faults and mutations, read from the sources in `root` without executing them; none without sources. An incident is a folder with the
 * name of its fault. A mutation has the name of an export: `plainLogs` is `plain-logs`.
 */
export function listFaults(root: string): ListedFault[] {
  return [
    ...list(join(root, INCIDENTS)).flatMap((name): ListedFault[] => {
      const path = `${INCIDENTS}/${name}/fault.ts`
      return existsSync(join(root, path)) ? [{ name, kind: 'incident', path, variable: toCamelCase(name) }] : []
    }),
    ...MUTATIONS.flatMap(({ folder, kind }) =>
      list(join(root, folder))
        .filter(file => file !== 'index.ts')
        .flatMap(file => {
          const path = `${folder}/${file}`
          return listExports(join(root, path)).map(variable => ({ name: toKebabCase(variable), kind, path, variable }))
        }),
    ),
  ]
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

function listExports(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name)
}

function toCamelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** The entry by which a fault is bundled. */
export function faultEntry({ name, path, variable }: ListedFault): ContentEntry {
  return { id: `faults/${name}`, module: { text: `export { ${variable} as fault } from './${path}'` } }
}

/**
 * The SHA-256 of each fault's behaviour, by its name: its own part of its file, and every other file that is used in its bundle, without
 * comments and types. Mutations share a file, and a change of one must not count for another. Null for a fault that cannot be bundled.
 */
export async function hashFaults(
  root: string,
  faults: readonly ListedFault[],
  { bundles }: Pick<BundledEntries, 'bundles'>,
): Promise<Readonly<Record<string, string | null>>> {
  const whole = faults.map(fault => ({ fault, bundle: bundles[faultEntry(fault).id] }))
  const own = await bundleEntries(
    root,
    whole.flatMap(({ fault, bundle }) => (bundle ? [faultEntry(fault)] : [])),
    { alone: true },
  )
  const paths = [
    ...new Set(whole.flatMap(({ fault, bundle }) => bundle?.used.filter(path => path !== fault.path) ?? [])),
  ]
  const files = new Map(await Promise.all(paths.map(async path => [path, await hashFile(join(root, path))] as const)))
  return Object.fromEntries(
    whole.map(({ fault, bundle }) => {
      const alone = own.bundles[faultEntry(fault).id]
      if (!bundle || !alone) return [fault.name, null]
      const others = bundle.used.filter(path => path !== fault.path).map(path => [path, files.get(path)])
      return [fault.name, digest(JSON.stringify([alone.hash, others]))]
    }),
  )
}

/** The hash of a file's code, without comments, types and layout. */
async function hashFile(path: string): Promise<string> {
  const { transform } = await import('esbuild')
  const { code } = await transform(await readFile(path, 'utf8'), { loader: 'ts', minifyWhitespace: true })
  return digest(code)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
