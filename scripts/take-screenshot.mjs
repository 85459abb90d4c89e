// Takes pictures of `build/`: without arguments the README's, the front page beside a runbook on a phone; with a folder one of each type of
// page, on a phone and a desktop, by day and by night, to be looked at after a change. `npm run build` first.
//
//   node scripts/take-screenshot.mjs
//   node scripts/take-screenshot.mjs --all /tmp/pictures
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { chromium } from 'playwright-core'

const TYPES = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml' }
const server = createServer((request, response) => {
  const path = join('build', decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
  const found = extname(path) ? path : join(path, 'index.html')
  const file = existsSync(found) ? found : 'build/404.html'
  response.writeHead(existsSync(found) ? 200 : 404, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
  })
  response.end(readFileSync(file))
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const site = `http://127.0.0.1:${server.address().port}`
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })

const PAGES = {
  front: '/',
  runbooks: '/runbooks',
  runbook: '/runbooks/storage-filling',
  checklist: '/runbooks/storage-filling?print=checklist',
  guide: '/docs/running',
  steps: '/docs/deployment/deploy',
  diagram: '/docs/security',
  operations: '/docs/operations',
  symptoms: '/docs/operations/troubleshooting',
  incidents: '/docs/incidents',
  rules: '/docs/contributing/rules',
  scorecard: '/docs/readiness',
  area: '/docs/readiness/log',
  glossary: '/docs/glossary',
  nowhere: '/docs/UploadBridgeApiDwn',
}
const [option, folder] = process.argv.slice(2)
try {
  if (option === '--all' && folder !== undefined) await shootAll(folder)
  else if (option === undefined) await shootForReadme()
  else throw new Error('the arguments are --all FOLDER, or none')
} finally {
  await browser.close()
  server.close()
}

async function shootAll(folder) {
  mkdirSync(folder, { recursive: true })
  for (const [name, path] of Object.entries(PAGES))
    for (const width of [390, 1280])
      for (const scheme of ['light', 'dark']) {
        const image = await shoot(path, { width, height: 900 }, scheme)
        writeFileSync(join(folder, `${name}-${width}-${scheme}.png`), image, 'base64')
      }
}

async function shootForReadme() {
  const [front, runbook] = [
    await shoot('/', { width: 1120, height: 800 }, 'light'),
    await shoot('/runbooks/storage-filling', { width: 390, height: 800 }, 'dark'),
  ]
  const page = await browser.newPage({ viewport: { width: 1600, height: 880 } })
  await page.setContent(`<body style="margin:0; background:#dfe6e5; display:flex; gap:32px; padding:40px 29px; box-sizing:border-box">
    ${[front, runbook].map(image => `<img src="data:image/png;base64,${image}" style="border-radius:8px; box-shadow:0 4px 24px #0003">`).join('')}`)
  await page.screenshot({ path: 'static/img/handbook.png' })
}

async function shoot(path, viewport, colorScheme) {
  const page = await browser.newPage({ viewport, colorScheme })
  await page.goto(site + path, { waitUntil: 'networkidle' })
  const image = (await page.screenshot()).toString('base64')
  await page.close()
  return image
}
