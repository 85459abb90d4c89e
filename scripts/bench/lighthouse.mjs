// What Lighthouse says of the built site, beside the same Markdown in Docusaurus as it comes, both compressed. Lighthouse is no dependency:
// npx fetches it when this is run.
//
//   npm run build && npm run bench -- lighthouse
//   npm run bench -- lighthouse --json
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { loadSources } from './load-sources.mjs'
import { parseOptions } from './parse-options.mjs'
import { layPlainSite } from './plain-site.mjs'
import { printRows } from './print-rows.mjs'

const LIGHTHOUSE = 'lighthouse@12.8.2'
const PAGES = ['/', '/runbooks/storage-filling', '/docs/running', '/docs/security', '/docs/readiness']
const { json } = parseOptions({ json: { type: 'boolean', default: false } })
const { serveFolder } = await loadSources(`export { serveFolder } from './test/site/serve-folder.ts'`)
const root = await mkdtemp(join(tmpdir(), 'handbook-plain-'))
const served = []
try {
  await layPlainSite(root)
  const docusaurus = resolve('node_modules/@docusaurus/core/bin/docusaurus.mjs')
  await execa(process.execPath, [docusaurus, 'build'], { cwd: root, env: { NO_COLOR: '1' } })
  const [ours, plain] = [await serveFolder('build'), await serveFolder(join(root, 'build'))]
  served.push(ours, plain)
  const rows = []
  for (const path of PAGES) {
    const scores = await rate(ours.url + path)
    for (const category of ['accessibility', 'best-practices', 'seo'])
      rows.push({ name: `${path}, ${category}, below 100`, value: 100 - scores[category], unit: 'points', goal: 0 })
    // The plain site has no front page of its own.
    const { performance } = await rate(plain.url + (path === '/' ? '/docs/running' : path))
    const below = performance - scores.performance
    rows.push({
      name: `${path}, performance ${scores.performance}, below the ${performance} of plain`,
      value: below,
      unit: 'points',
      goal: 0,
    })
  }
  printRows(rows, json)
} finally {
  for (const each of served) await each.close()
  await rm(root, { recursive: true, force: true })
}

/** The scores of a page from 0 to 100, by category. */
async function rate(url) {
  process.stderr.write(`${url}\n`)
  const flags = '--headless --no-sandbox --disable-gpu --disable-background-networking'
  // Beside this process, which gives out the pages.
  const { stdout } = await execa(
    'npx',
    ['--yes', LIGHTHOUSE, url, '--quiet', '--output=json', '--output-path=stdout', `--chrome-flags=${flags}`],
    { maxBuffer: 2 ** 28, env: { CHROME_PATH: '/usr/bin/chromium' } },
  )
  const { categories } = JSON.parse(stdout)
  return Object.fromEntries(Object.entries(categories).map(([name, { score }]) => [name, Math.round(100 * score)]))
}
