import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { requires } from '../environment/requires.ts'
import { provideSite } from './provide-site.ts'

/** More presses of Tab than any page needs to be walked to its end. */
const FAR = 150

describe.runIf(requires('the keyboard in a browser', ['chromium']))('with the keyboard alone', () => {
  const { open } = provideSite()

  it.each([390, 1280])(
    'one gets from the front page to a runbook, unfolds a step, copies a command, and goes to the next page: %i px',
    async width => {
      const { page, wrong } = await open('/', { viewport: { width, height: 844 } })
      await page.keyboard.press('Tab')
      expect(await readFocus(page)).toMatchObject({ text: 'Skip to main content', visible: true })

      await page.keyboard.press('/')
      await expect.poll(() => readFocus(page)).toMatchObject({ tag: 'INPUT', visible: true })
      await page.keyboard.type('disk full')
      await page.getByRole('dialog').getByRole('option').first().waitFor()
      await page.keyboard.press('Enter')
      await page.waitForURL('**/runbooks/storage-filling')
      await page.getByRole('heading', { level: 1, name: /storage volume/ }).waitFor()

      await walkTo(page, /^ts · |lines/, 'SUMMARY', 'details.hb-fold')
      await page.keyboard.press('Enter')
      expect(await page.evaluate(() => document.activeElement?.closest('details')?.open)).toBe(true)

      await walkTo(page, /^Copy command$/, 'BUTTON')
      await page.keyboard.press('Enter')
      await page.getByText('Copied').first().waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
        /^npx handbook run storage-filling --step /,
      )

      await walkTo(page, /^Next/, 'A', '.pagination-nav')
      await page.keyboard.press('Enter')
      await page.waitForURL(url => url.pathname !== '/runbooks/storage-filling')
      expect(wrong).toEqual([])
      await page.context().close()
    },
    120_000,
  )

  it('in colours that the system chooses, pictures are seen, and the hit that Enter opens is marked', async () => {
    const { page } = await open('/runbooks/storage-filling', {
      viewport: { width: 390, height: 844 },
      forcedColors: 'active',
    })
    const button = page.getByRole('button', { name: 'Search', exact: true })
    for (const picture of [button.locator('[aria-hidden]').first(), page.locator('main [data-name="read"]').first()]) {
      await picture.scrollIntoViewIfNeeded()
      const clip = (await picture.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
      const shown = await page.screenshot({ clip })
      await picture.evaluate(element => element.style.setProperty('visibility', 'hidden'))
      expect(shown.equals(await page.screenshot({ clip }))).toBe(false)
      await picture.evaluate(element => element.style.removeProperty('visibility'))
    }
    await page.keyboard.press('/')
    await page.keyboard.type('disk full')
    const hits = page.getByRole('dialog').getByRole('option')
    await hits.first().waitFor()
    const outlines = await hits.evaluateAll(all => all.map(hit => getComputedStyle(hit).outlineStyle))
    expect(outlines.indexOf('solid')).toBe(0)
    expect(outlines.lastIndexOf('solid')).toBe(0)
    await page.context().close()
  }, 120_000)
})

/** Presses Tab until the focus is where it is wanted. Each stop on the way must be seen. */
async function walkTo(page: Page, text: RegExp, tag: string, inside = 'body'): Promise<void> {
  for (let presses = 0; presses < FAR; presses++) {
    await page.keyboard.press('Tab')
    const focus = await readFocus(page, inside)
    expect(focus, `stop ${presses} on the way to ${text}`).toMatchObject({ visible: true })
    if (focus.tag === tag && focus.inside && text.test(focus.text)) return
  }
  throw new Error(`${FAR} presses of Tab do not lead to ${text}`)
}

/** What has the focus, and whether that is seen: it is in the window, and an outline or a ground of its own shows it. */
function readFocus(page: Page, inside = 'body') {
  return page.evaluate(inside => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement)) return { tag: '', text: '', inside: false, visible: false }
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
    const { top, bottom, width, height } = element.getBoundingClientRect()
    const marked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
    return {
      tag: element.tagName,
      text: element.textContent ?? '',
      inside: element.closest(inside) !== null,
      visible: marked && width > 0 && height > 0 && bottom > 0 && top < window.innerHeight,
    }
  }, inside)
}
