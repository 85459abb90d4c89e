// 10,000 generated pages with planted defects: none brings the check down, none takes a second, every defect is found at its line.
//
//   npm run bench -- fuzz
//   npm run bench -- fuzz --pages 1000 --seed 7
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { parseOptions } from './parse-options.mjs'

const values = parseOptions({
  pages: { type: 'string', default: '10000' },
  seed: { type: 'string', default: String(Date.now() % 1e9) },
  json: { type: 'boolean', default: false },
})
const BATCH = 500
/** Milliseconds of a processor. */
const LONGEST = 1_000
const outfile = resolve('dist/fuzz.cjs')
try {
  await build({
    stdin: {
      contents: "export * from './check-pages.ts'; export * from './seeded-page.ts'",
      resolveDir: resolve('test/lint/fuzz'),
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['typescript', 'oxc-transform'],
    logLevel: 'warning',
  })
  const { checkGenerated, samplePages } = createRequire(import.meta.url)(outfile)
  const count = Number(values.pages)
  let planted = 0
  let slowest = { time: 0, text: '' }
  const missed = []
  for (let done = 0; done < count; done += BATCH) {
    const result = await checkGenerated(
      samplePages(Math.min(BATCH, count - done), Number(values.seed) + done),
      process.cwd(),
    )
    planted += result.planted
    if (result.slowest.time > slowest.time) slowest = result.slowest
    missed.push(...result.missed)
  }
  for (const { rule, line, text } of missed.slice(0, 3)) console.log(`missed: ${rule} on line ${line} of\n${text}\n`)
  if (slowest.time > LONGEST) console.log(`slow: ${JSON.stringify(slowest.text.slice(0, 200))}\n`)
  const rows = [
    { name: 'planted defects that were missed', value: missed.length, unit: 'defects', goal: 0 },
    { name: 'the slowest generated page', value: slowest.time, unit: 'ms of a processor', goal: LONGEST },
  ]
  if (values.json) console.log(JSON.stringify({ seed: values.seed, rows }))
  else
    console.log(
      `${count} pages (--seed ${values.seed}): ${planted} planted defects, ${missed.length} missed; the slowest page took ${slowest.time} ms of a processor`,
    )
  process.exitCode = missed.length > 0 || slowest.time > LONGEST ? 1 : 0
} finally {
  await rm(outfile, { force: true })
}
