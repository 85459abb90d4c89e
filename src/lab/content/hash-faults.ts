import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BundledEntries, bundleEntries, type ContentEntry } from './bundle-entries.ts'
import type { ListedFault } from './list-faults.ts'

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
