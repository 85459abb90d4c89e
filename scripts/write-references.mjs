// Writes the generated parts of the handbook's pages anew: what stands between `<!-- generated: NAME -->` and `<!-- /generated -->`;
// and the JSON Schemas that editors read.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'

const outfile = resolve('dist/references.cjs')
await mkdir('dist', { recursive: true })
await build({
  stdin: {
    contents: "export * from './index.ts'; export * from './embed-references.ts'",
    resolveDir: resolve('scripts/references'),
  },
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
})
const { references, embedReferences, schemaFiles } = createRequire(outfile)(outfile)
for (const name of await readdir('docs', { recursive: true })) {
  if (!/\.mdx?$/.test(name)) continue
  const path = join('docs', name)
  const text = await readFile(path, 'utf8')
  const written = await embedReferences(text, references).catch(error => {
    console.error(`${path}: ${error.message}`)
    process.exitCode = 1
    return text
  })
  if (written === text) continue
  await writeFile(path, written)
  console.log(`${path}: written anew`)
}
for (const [path, write] of Object.entries(schemaFiles)) {
  const text = write()
  if ((await readFile(path, 'utf8').catch(() => '')) === text) continue
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  console.log(`${path}: written anew`)
}
