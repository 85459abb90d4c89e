import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BundledEntries, bundleEntries, type ContentEntry } from './bundle-entries.ts'

/** Something that can be broken, as the sources of a lab name it. */
export interface ListedFault {
  readonly name: string
  /** What runbooks heal, what takes a property from the deployment, or what takes one from the repository. */
  readonly kind: 'incident' | 'mutation' | 'workspace-mutation'
  /** Relative to the root. */
  readonly path: string
  /** What the file at `path` exports it as. */
  readonly variable: string
}

const INCIDENTS = 'src/lab/incidents'
const MUTATIONS = [
  { folder: 'src/lab/mutations', kind: 'mutation' },
  { folder: 'src/lab/workspace/mutations', kind: 'workspace-mutation' },
] as const

/**
 * Everything that can be broken, read from the sources in `root` and not executed; nothing where there are none. An incident is a folder
 * named after its fault; a mutation is named after what a file of mutations exports: `plainLogs` is `plain-logs`.
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

/** The entry of a fault. */
export function faultEntry({ name, path, variable }: ListedFault): ContentEntry {
  return { id: `faults/${name}`, module: { text: `export { ${variable} as fault } from './${path}'` } }
}

/**
 * SHA-256 of what each fault does, by its name: what stands of it in its own file, and every other file of which something is in its
 * bundle, comments and types left out. Many mutations share a file, and one of them must not count for another. Null for one that
 * cannot be bundled.
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

/** What the file says to a machine. */
async function hashFile(path: string): Promise<string> {
  const { transform } = await import('esbuild')
  const { code } = await transform(await readFile(path, 'utf8'), { loader: 'ts', minifyWhitespace: true })
  return digest(code)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
