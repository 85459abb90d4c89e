import { cpSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'

/** What a browser runs of the site, when that is measured (scripts/coverage.mjs). */
export interface PageMeasure {
  /** Notes what a page runs until its context is closed. */
  watch(context: BrowserContext, page: Page): Promise<void>
  /** Keeps the built site's scripts, which are to be gone soon. */
  keep(build: string): void
}

/** Measures only where there is a folder to write to: a file for each context, and the scripts. */
export function measurePages(folder = process.env.COVERAGE_OF_PAGES): PageMeasure {
  if (folder === undefined) return { watch: async () => {}, keep: () => {} }
  let contexts = 0
  return {
    async watch(context, page) {
      await page.coverage.startJSCoverage({ resetOnNavigation: false })
      const close = context.close.bind(context)
      context.close = async options => {
        const scripts = await page.coverage.stopJSCoverage()
        const result = scripts.flatMap(({ scriptId, url, functions }) =>
          url.includes('/assets/js/')
            ? [{ scriptId, url: `file://${join(folder, 'js', basename(url))}`, functions }]
            : [],
        )
        writeFileSync(join(folder, `${process.pid}-${contexts++}.json`), JSON.stringify({ result }))
        await close(options)
      }
    },
    keep: build => cpSync(join(build, 'assets/js'), join(folder, 'js'), { recursive: true }),
  }
}
