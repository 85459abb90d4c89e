// Writes down what the lab's sources were when `dist/` was built: proofs stand on it, and drills refuse to run what is older.
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/** Writes `lab-content.json` into the folder of the bundles. */
export async function writeLabContent(outdir) {
  const [file] = (
    await build({
      entryPoints: ['src/lab/content/index.ts'],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      external: ['esbuild'],
      logLevel: 'warning',
    })
  ).outputFiles
  // Packages are found from a file of this folder only.
  const { readLabContent } = await importText(
    file.text.replaceAll('import("esbuild")', `import(${JSON.stringify(import.meta.resolve('esbuild'))})`),
  )
  const { problems } = await readLabContent(resolve('.'), { read: [], write: join(outdir, 'lab-content.json') })
  for (const { file, line, column, message } of problems) console.error(`${file}:${line}:${column} ${message}`)
  if (problems.length > 0) process.exitCode = 1
}

function importText(text) {
  return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)
}
