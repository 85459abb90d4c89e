import { createHash } from 'node:crypto'
import { relative, resolve } from 'node:path'
import type { Message, Metafile } from 'esbuild'
import type { LabContent } from '../../journal/index.ts'

/** Something whose behaviour is hashed. */
export interface ContentEntry {
  readonly id: string
  /** A module that exports it, in TypeScript, as if it stood in the root; or the path of one that is executed. */
  readonly module: { readonly text: string } | { readonly path: string }
}

/** What came of some entries. */
export interface BundledEntries {
  /** SHA-256 of each bundle, by the entry's id; null for one that cannot be bundled. */
  readonly hashes: Readonly<Record<string, string | null>>
  /** The source files that were read, relative to the root. */
  readonly inputs: readonly string[]
  readonly problems: LabContent['problems']
}

const NAMESPACE = 'content'

/**
 * Bundles each entry by itself and hashes what comes out: whatever of our sources it executes, and no more. Packages from npm are left
 * out, and so are comments and layout. When one entry cannot be bundled, esbuild gives up on all: they are tried in ever smaller parts.
 */
export async function bundleEntries(root: string, entries: readonly ContentEntry[]): Promise<BundledEntries> {
  const result = await bundle(root, entries)
  if ('hashes' in result) return result
  const [only] = entries
  if (only && entries.length === 1) return { hashes: { [only.id]: null }, inputs: [], problems: result.problems }
  const middle = Math.ceil(entries.length / 2)
  const halves = [entries.slice(0, middle), entries.slice(middle)]
  const [first, second] = await Promise.all(halves.map(half => bundleEntries(root, half)))
  return {
    hashes: { ...first?.hashes, ...second?.hashes },
    inputs: [...new Set([...(first?.inputs ?? []), ...(second?.inputs ?? [])])],
    problems: withoutDoubles([...(first?.problems ?? []), ...(second?.problems ?? [])]),
  }
}

async function bundle(
  root: string,
  entries: readonly ContentEntry[],
): Promise<BundledEntries | Pick<BundledEntries, 'problems'>> {
  const { build } = await import('esbuild')
  const texts = new Map(entries.map(({ id, module }) => [id, 'text' in module ? module.text : '']))
  try {
    const { outputFiles, metafile } = await build({
      absWorkingDir: root,
      entryPoints: entries.map(({ id, module }) => ({
        in: 'path' in module ? module.path : `${NAMESPACE}:${id}`,
        out: id,
      })),
      outdir: resolve(root, NAMESPACE),
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      minifyWhitespace: true,
      logLevel: 'silent',
      plugins: [
        {
          name: NAMESPACE,
          setup({ onResolve, onLoad }) {
            onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path }) => ({
              path: path.slice(NAMESPACE.length + 1),
              namespace: NAMESPACE,
            }))
            onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
              contents: texts.get(path) ?? '',
              loader: 'ts',
              resolveDir: root,
            }))
            // No module of ours does anything by being imported.
            onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir, kind }) =>
              kind === 'import-statement' ? { path: resolve(resolveDir, path), sideEffects: false } : undefined,
            )
          },
        },
      ],
    })
    const hashes = outputFiles.map(({ path, text }) => [
      relative(resolve(root, NAMESPACE), path).replace(/\.js$/, ''),
      createHash('sha256').update(text).digest('hex'),
    ])
    return { hashes: Object.fromEntries(hashes), inputs: listInputs(metafile), problems: [] }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    return { problems: withoutDoubles(error.errors.map(message => describe(root, message))) }
  }
}

function listInputs({ inputs }: Metafile): string[] {
  return Object.keys(inputs)
    .filter(path => !path.startsWith(`${NAMESPACE}:`))
    .sort()
}

function isBuildFailure(error: unknown): error is { readonly errors: readonly Message[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

function describe(root: string, { text, location }: Message): LabContent['problems'][number] {
  const file = (location?.file ?? '').replace(`${NAMESPACE}:`, '')
  const message = text.replaceAll(`${root}/`, '')
  return { file, line: location?.line ?? 1, column: (location?.column ?? 0) + 1, message }
}

function withoutDoubles(problems: LabContent['problems']): LabContent['problems'] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()]
}
