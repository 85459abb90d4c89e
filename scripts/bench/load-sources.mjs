import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** Loads modules of ours that are written in TypeScript: `contents` exports what is wanted, by paths from the repository's root. */
export async function loadSources(contents) {
  const outfile = resolve(`dist/bench-${process.pid}.mjs`)
  try {
    await build({
      stdin: { contents, resolveDir: resolve('.') },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'warning',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    await rm(outfile, { force: true })
  }
}
