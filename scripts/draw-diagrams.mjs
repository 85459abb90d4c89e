// Draws the diagrams of the pages for day and night, as files that the site shows: so neither the build nor a reader needs Mermaid or a
// browser that runs it. A drawing is named after its source. Drawings without a source are removed.
//
//   npm run diagrams
//   npm run diagrams -- --check     only says which are missing, or left over
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const FOLDER = 'static/diagrams'
const FENCE = /^```mermaid[^\n]*\n([\s\S]*?)^```/gm
const TEXT = { fontFamily: 'system-ui, sans-serif', fontSize: '15px' }
const THEMES = {
  light: {
    ...TEXT,
    primaryColor: '#e3f0f2',
    primaryTextColor: '#0f1a1d',
    primaryBorderColor: '#0c5a6b',
    lineColor: '#526066',
    textColor: '#0f1a1d',
    edgeLabelBackground: '#fcfcfa',
    clusterBkg: '#f3f5f3',
    clusterBorder: '#526066',
    background: '#fcfcfa',
  },
  dark: {
    ...TEXT,
    primaryColor: '#11303a',
    primaryTextColor: '#f1f6f7',
    primaryBorderColor: '#86d2e0',
    lineColor: '#9db0b6',
    textColor: '#f1f6f7',
    edgeLabelBackground: '#10171a',
    clusterBkg: '#151e22',
    clusterBorder: '#9db0b6',
    background: '#10171a',
  },
}

const sources = new Map(listSources().map(source => [nameOf(source), source]))
const wanted = [...sources.keys()].flatMap(name => Object.keys(THEMES).map(theme => `${name}.${theme}.svg`))
const there = existsSync(FOLDER) ? readdirSync(FOLDER) : []
const missing = wanted.filter(file => !there.includes(file))
const left = there.filter(file => !wanted.includes(file))

if (process.argv.includes('--check')) {
  for (const file of missing) console.error(`${FOLDER}/${file} is missing: npm run diagrams`)
  for (const file of left) console.error(`${FOLDER}/${file} has no source: npm run diagrams`)
  process.exitCode = missing.length + left.length > 0 ? 1 : 0
} else {
  for (const file of left) rmSync(join(FOLDER, file))
  if (missing.length > 0) await draw()
  console.log(`diagrams: ${missing.length} drawn, ${left.length} removed`)
}

function listSources() {
  const pages = ['docs', 'runbooks'].flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(path => join(folder, path)),
  )
  return pages
    .filter(path => /\.mdx?$/.test(path))
    .flatMap(path => [...readFileSync(path, 'utf8').matchAll(FENCE)].map(([, source]) => source.trim()))
}

function nameOf(source) {
  return createHash('sha256').update(source).digest('hex').slice(0, 12)
}

async function draw() {
  mkdirSync(FOLDER, { recursive: true })
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
  try {
    const page = await browser.newPage()
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js') })
    for (const file of missing) {
      const [name, theme] = file.split('.')
      const svg = await page.evaluate(drawOne, { source: sources.get(name), variables: THEMES[theme] })
      writeFileSync(join(FOLDER, file), `${round(svg)}\n`)
    }
  } finally {
    await browser.close()
  }
}

/** No eye sees more than a tenth of a pixel, and the digits would be most of the file. */
function round(svg) {
  return svg.replaceAll(/-?\d+\.\d{2,}/g, number => String(Number(Number(number).toFixed(1))))
}

/** Runs in the browser. Labels are text and not HTML, which an image would not show everywhere. */
async function drawOne({ source, variables }) {
  const { mermaid } = globalThis
  mermaid.initialize({
    startOnLoad: false,
    deterministicIds: true,
    theme: 'base',
    themeVariables: variables,
    htmlLabels: false,
    flowchart: { htmlLabels: false, useMaxWidth: false },
  })
  const { svg } = await mermaid.render('diagram', source)
  return svg
}
