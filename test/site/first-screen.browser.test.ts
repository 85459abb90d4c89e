import { readdirSync } from 'node:fs'
import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { requires } from '../environment/requires.ts'
import { provideSite } from './provide-site.ts'

const RUNBOOKS = readdirSync('runbooks').map(name => name.replace(/\.md$/, ''))
const PHONE = { viewport: { width: 390, height: 844 } }

describe.runIf(requires('first screens in a browser', ['chromium']))(
  'the first screen of a runbook, on a phone',
  () => {
    const { open } = provideSite()

    it.each(RUNBOOKS)('%s says what to do first, by which command, and whom to call', async name => {
      const { page, wrong } = await open(`/runbooks/${name}`, PHONE)
      const card = page.locator('main article [class*="card"]').first()
      const box = await card.boundingBox()
      expect((box?.y ?? 0) + (box?.height ?? Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(844)
      const text = await readWords(card)
      for (const said of ['First', `npx handbook run ${name}`, 'Call']) expect(text).toContain(said)
      const above = `${await readWords(page.locator('main article h1'))} ${text.split('First')[0]}`
      expect(above.split(/\s+/).filter(Boolean).length, above).toBeLessThanOrEqual(40)
      expect(wrong).toEqual([])
      await page.context().close()
    })
  },
)

/** Its texts with spaces between them, as they are seen; what is code is one text, wherever it may break. */
function readWords(place: Locator): Promise<string> {
  return place.evaluate(element => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    let text = ''
    let last: Element | null | undefined
    while (walker.nextNode()) {
      const code = walker.currentNode.parentElement?.closest('code')
      text += (code && code === last ? '' : ' ') + walker.currentNode.textContent
      last = code
    }
    return text.replaceAll(/\s+/g, ' ')
  })
}
