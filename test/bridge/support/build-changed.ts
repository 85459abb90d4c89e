import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'

/** Texts in files of the service, each with the text that replaces it; by the file's path below `src/bridge`. */
export type Changes = Readonly<Record<string, readonly (readonly [from: string | RegExp, to: string])[]>>

/** Builds a program of the service as it would be with these changes. Gives its path. Throws when there is nothing to change. */
export async function buildChanged(program: 'api' | 'worker', outfile: string, changes: Changes): Promise<string> {
  await build({
    entryPoints: [`src/bridge/${program}.entry.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['pg-native'],
    logLevel: 'error',
    plugins: [
      {
        name: 'changed',
        setup({ onLoad }) {
          for (const [file, pairs] of Object.entries(changes)) {
            onLoad({ filter: new RegExp(`/src/bridge/${file}$`) }, async ({ path }) => ({
              contents: pairs.reduce(change, await readFile(path, 'utf8')),
              loader: 'ts',
            }))
          }
        },
      },
    ],
  })
  return outfile
}

function change(source: string, [from, to]: readonly [string | RegExp, string]): string {
  const changed = source.replaceAll(from, to)
  if (changed === source) throw new Error(`the service has no “${from}” to change`)
  return changed
}
