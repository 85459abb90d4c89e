import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crawlFiles } from './crawl.ts'
import { DESKTOP } from './provide-site.ts'

/** That a pack of the built site opens from a disk. */
export function testPack({
  folder,
  browser,
}: {
  readonly folder: () => string
  readonly browser: () => Browser
}): void {
  describe('a pack of it', () => {
    let pack = ''
    const run = (...args: string[]) =>
      execa(process.execPath, [resolve('dist/handbook.cjs'), 'pack', ...args], {
        cwd: dirname(folder()),
        reject: false,
      })

    beforeAll(async () => {
      pack = join(dirname(folder()), 'pack')
      const { exitCode, stderr } = await run('--to', pack, '--json')
      expect(exitCode, stderr).toBe(0)
    })
    afterAll(() => rm(pack, { recursive: true, force: true }))

    const open = async (file: string, clock?: Date) => {
      const context = await browser().newContext(DESKTOP)
      if (clock) await context.clock.setFixedTime(clock)
      const page = await context.newPage()
      const wrong: string[] = []
      page.on('console', message => wrong.push(message.text()))
      page.on('pageerror', error => wrong.push(error.message))
      page.on('request', request => {
        if (!/^(?:file|data):/.test(request.url())) wrong.push(request.url())
      })
      page.on('requestfailed', request => wrong.push(request.url()))
      await page.goto(pathToFileURL(join(pack, file)).href)
      return { page, wrong }
    }

    it('has no link that leads to no file', async () => {
      expect(await crawlFiles(pack)).toEqual([])
    })

    it('finds an alert’s page from a disk, asks nobody, and opens it by Enter', async () => {
      const { page, wrong } = await open('index.html')
      await page.keyboard.press('/')
      await page.keyboard.type('UploadBridgeStorageFilling')
      await page.locator('.hb-pack-search a').first().waitFor()
      await page.keyboard.press('Enter')
      await page.waitForURL(/runbooks\/storage-filling/)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The storage volume is filling up')
      expect(await page.locator('.hb-pack-date').textContent()).toContain('A copy of ')
      expect(wrong).toEqual([])
      await page.context().close()
    })

    it('says from the day after its proofs ran out that they have, above the first command', async () => {
      const file = 'runbooks/storage-filling/index.html'
      const fresh = await open(file)
      const until = await fresh.page.locator('html').getAttribute('data-proven-until')
      expect(until).toMatch(/^\d{4}-\d\d-\d\d$/)
      expect(await fresh.page.locator('.hb-pack').textContent()).not.toContain('ran out')
      await fresh.page.context().close()
      const { page } = await open(file, new Date(Date.parse(String(until)) + 86_400_000))
      const bar = page.locator('.hb-pack')
      expect(await bar.textContent()).toContain(`ran out on ${until}`)
      const [above, command] = await Promise.all([
        bar.boundingBox(),
        page.getByText('npx handbook run').first().boundingBox(),
      ])
      expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThan(command?.y ?? 0)
      await page.context().close()
    })

    it('is never written over what is there', async () => {
      const { exitCode, stderr } = await run('--to', pack)
      expect(exitCode).toBe(2)
      expect(stderr).toContain('is there already')
    })
  })
}
