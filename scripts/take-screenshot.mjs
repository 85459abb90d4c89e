// Takes the README's picture from `build/`: the front page beside a runbook on a phone. `npm run build` first.
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { chromium } from 'playwright-core'

const TYPES = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml' }
const server = createServer((request, response) => {
  const path = join('build', decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
  const file = extname(path) ? path : join(path, 'index.html')
  response.writeHead(existsSync(file) ? 200 : 404, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
  })
  response.end(existsSync(file) ? readFileSync(file) : '')
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const site = `http://127.0.0.1:${server.address().port}`
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })

const [front, runbook] = [
  await shoot('/', { width: 1120, height: 800 }, 'light'),
  await shoot('/runbooks/storage-filling', { width: 390, height: 800 }, 'dark'),
]
const page = await browser.newPage({ viewport: { width: 1600, height: 880 } })
await page.setContent(`<body style="margin:0; background:#dfe6e5; display:flex; gap:32px; padding:40px 29px; box-sizing:border-box">
  ${[front, runbook].map(image => `<img src="data:image/png;base64,${image}" style="border-radius:8px; box-shadow:0 4px 24px #0003">`).join('')}`)
await page.screenshot({ path: 'static/img/handbook.png' })
await browser.close()
server.close()

async function shoot(path, viewport, colorScheme) {
  const page = await browser.newPage({ viewport, colorScheme })
  await page.goto(site + path, { waitUntil: 'networkidle' })
  return (await page.screenshot()).toString('base64')
}
