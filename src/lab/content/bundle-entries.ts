import { createHash } from 'node:crypto'
import { relative, resolve } from 'node:path'
import type { Message } from 'esbuild'
import type { LabContent } from '../../journal/index.ts'

/** Code of which the behaviour is hashed. */
export interface ContentEntry {
  readonly id: string
  /** A TypeScript module that exports it, as if it were in the root folder; or the path of a module that is executed. */
  readonly module: { readonly text: string } | { readonly path: string }
}

/** The result for an entry: the SHA-256 of its bundle, and the source files that are used in it, relative to the root. */
export interface Bundled {
  readonly hash: string
  readonly used: readonly string[]
}

/** The result for several entries. */
export interface BundledEntries {
  /** The bundles by id. An entry that cannot be bundled is missing. */
  readonly bundles: Readonly<Record<string, Bundled>>
  /** Every source file that was read, relative to the root. */
  readonly inputs: readonly string[]
  readonly problems: LabContent['problems']
}

const NAMESPACE = 'content'

/**
 * Bundles each entry separately, without npm packages, comments and layout. With `alone`, the imports of its module are left out too. If
 * one entry cannot be bundled, esbuild fails for all of them. Then the entries are tried in smaller and smaller groups.
 */
export async function bundleEntries(
  root: string,
  entries: readonly ContentEntry[],
  options: { readonly alone?: boolean } = {},
): Promise<BundledEntries> {
  const result = await bundle(root, entries, options)
  if ('bundles' in result) return result
  if (entries.length <= 1) return { bundles: {}, inputs: [], problems: result.problems }
  const middle = Math.ceil(entries.length / 2)
  const halves = [entries.slice(0, middle), entries.slice(middle)]
  const parts = await Promise.all(halves.map(half => bundleEntries(root, half, options)))
  return {
    bundles: Object.assign({}, ...parts.map(({ bundles }) => bundles)),
    inputs: [...new Set(parts.flatMap(({ inputs }) => inputs))].sort(),
    problems: withoutDoubles(parts.flatMap(({ problems }) => problems)),
  }
}

async function bundle(
  root: string,
  entries: readonly ContentEntry[],
  { alone = false }: { readonly alone?: boolean },
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
      // A copy without its tsconfig.json, or below a folder that has another one, has the same hash.
      tsconfigRaw: {},
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
            // Our modules have no side effects on import.
            onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir, kind, namespace }) => {
              if (kind !== 'import-statement') return undefined
              if (alone && namespace !== NAMESPACE) return { path, external: true, sideEffects: false }
              return { path: resolve(resolveDir, path), sideEffects: false }
            })
          },
        },
      ],
    })
    const bundles = outputFiles.map(({ path, text }) => {
      const { inputs = {} } = metafile.outputs[relative(root, path)] ?? {}
      const used = Object.keys(inputs).filter(input => (inputs[input]?.bytesInOutput ?? 0) > 0)
      const id = relative(resolve(root, NAMESPACE), path).replace(/\.js$/, '')
      return [id, { hash: createHash('sha256').update(text).digest('hex'), used: used.filter(isFile).sort() }]
    })
    return {
      bundles: Object.fromEntries(bundles),
      inputs: Object.keys(metafile.inputs).filter(isFile).sort(),
      problems: [],
    }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    return { problems: withoutDoubles(error.errors.map(message => describe(root, message))) }
  }
}

function isFile(input: string): boolean {
  return !input.startsWith(`${NAMESPACE}:`)
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
