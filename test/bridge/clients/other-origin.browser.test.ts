import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { requires } from '../../environment/requires.ts'
import { serveFolder } from '../../site/serve-folder.ts'
import { untilState } from '../support/clients.ts'
import type { Deployment } from '../support/deployment.ts'
import { freePort } from '../support/free-port.ts'
import { prepareGround } from '../support/ground.ts'
import type { PageUpload, PageUploads } from './page.entry.ts'

/** What the page's script puts into its window. */
type Uploading = typeof globalThis & { readonly uploads: PageUploads }

const name = 'žluť 猫 "a".txt'
const wanted = { size: 12_000_000, seed: 7, name, chunkSize: 100_000 }

describe.runIf(requires('uploads of a page in a browser', ['chromium']))('a page of another origin', () => {
  const ground = prepareGround()
  let browser: Browser
  let site: Awaited<ReturnType<typeof serveFolder>>
  let page: Page
  let deployment: Deployment
  let endpoint: string

  beforeAll(async () => {
    const folder = join(ground.get().folder, 'page')
    await mkdir(folder)
    const entryPoints = ['test/bridge/clients/page.entry.ts']
    await build({ entryPoints, outfile: join(folder, 'page.js'), bundle: true, format: 'iife', logLevel: 'error' })
    await writeFile(join(folder, '404.html'), 'not here')
    await writeFile(join(folder, 'index.html'), '<!doctype html><meta charset="utf-8"><script src="page.js"></script>')
    site = await serveFolder(folder)
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
  beforeEach(async () => {
    const api = { allowedOrigins: `https://app.example ${site.url}`, port: await freePort() }
    deployment = await ground.deploy({ configuration: { api } })
    endpoint = `${deployment.api.url}/files/`
    const context = await browser.newContext()
    page = await context.newPage()
    await page.goto(site.url)
    return () => context.close()
  })

  const upload = (client: PageUpload['client'], retryDelays = Array<number>(100).fill(200)) => {
    const options = { ...wanted, endpoint, client, retryDelays }
    return page.evaluate(each => (globalThis as Uploading).uploads.tus(each), options)
  }

  it.each(['tus-js-client 3', 'tus-js-client 4'] as const)(
    'uploads with %s, and goes on after a reload where it was',
    async client => {
      const left = upload(client).catch(() => {})
      await page.waitForFunction(() => (globalThis as Uploading).uploads.accepted > 500_000)
      await page.reload()
      await left
      const { url, from, sha256 } = await upload(client)
      expect(from).toBeGreaterThan(500_000)
      expect(from).toBeLessThan(wanted.size)
      await expectDelivered(url, sha256)
    },
  )

  it.each(['tus-js-client 3', 'tus-js-client 4'] as const)('goes on with %s when the service is back', async client => {
    const done = upload(client)
    await page.waitForFunction(() => (globalThis as Uploading).uploads.accepted > 500_000)
    await deployment.api.end('SIGKILL')
    await deployment.startApi()
    const { url, sha256 } = await done
    await expectDelivered(url, sha256)
  })

  it('uploads with @uppy/tus, which pauses and resumes', async () => {
    const options = { ...wanted, endpoint, retryDelays: [200, 200, 200] }
    const { url, from, sha256 } = await page.evaluate(each => (globalThis as Uploading).uploads.uppy(each), options)
    expect(from).toBeGreaterThan(0)
    expect(from).toBeLessThan(wanted.size)
    await expectDelivered(url, sha256)
  })

  it('cannot upload when its origin is not configured, and leaves nothing', async () => {
    // The same page by another name is another origin.
    await page.goto(site.url.replace('127.0.0.1', 'localhost'))
    await expect(upload('tus-js-client 4', [])).rejects.toThrow('failed to create upload')
    expect(await deployment.control('uploads', 'list')).toEqual([])
  })

  async function expectDelivered(url: string | null, sha256: string) {
    const id = url?.split('/').at(-1) ?? ''
    await untilState(deployment.api.url, id, 'delivered')
    expect(deployment.sink.arrivalOf(id)).toMatchObject({ name, size: wanted.size, sha256 })
  }
})
