import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** What keeps two processes from one upload, and what is in its place: every process may write, and nobody looks who did. */
const fence: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'tus/tus-server.ts': [['await this.#leases?.acquire(id, { signal, onWanted: requestRelease })', 'undefined']],
  'uploads/finish-upload.ts': [
    ['await leases.acquire(id, { signal: AbortSignal.timeout(patience) })', 'async () => {}'],
  ],
  'storage/bytes.ts': [
    ['if (!(await mayWrite()) || opened.size !== offset) throw new ReplacedFileError(path)', ''],
    ['await assertInPlace(path, opened)', ''],
  ],
}

/** Builds the API as it would be without its fence, in a folder. Gives the program's path. */
export async function buildWithoutFence(folder: string): Promise<string> {
  const path = join(folder, 'without-fence.cjs')
  await build({
    entryPoints: ['src/bridge/api.entry.ts'],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['pg-native'],
    logLevel: 'error',
    plugins: [
      {
        name: 'without-fence',
        setup({ onLoad }) {
          for (const [file, pairs] of Object.entries(fence)) {
            onLoad({ filter: new RegExp(`/src/bridge/${file}$`) }, async ({ path: source }) => ({
              contents: pairs.reduce(takeOut, await readFile(source, 'utf8')),
              loader: 'ts',
            }))
          }
        },
      },
    ],
  })
  return path
}

function takeOut(source: string, [from, to]: readonly [string, string]): string {
  if (!source.includes(from)) throw new Error(`the service has no “${from}” to take out`)
  return source.replace(from, to)
}
