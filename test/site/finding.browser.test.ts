import { describe, expect, it } from 'vitest'
import { requires } from '../environment/requires.ts'
import { ALERT_PAGES } from './alert-pages.ts'
import { provideSite } from './provide-site.ts'
import { BLIND_SEARCHES, FROZEN_SEARCHES, SEARCHES } from './searches.ts'

/** The share of searches that must lead to their page at once, and of those that were put aside. */
const RIGHT = 0.9
const RIGHT_FROZEN = 0.95
/** Of those by strangers, as was measured when they were written. */
const RIGHT_BLIND = 0.7

describe.runIf(requires('the search in a browser', ['chromium']))('search', () => {
  const { open } = provideSite()

  it.each([
    ['the names and the words of alerts', ALERT_PAGES, 1],
    ['what the search may be tuned with', SEARCHES, RIGHT],
    ['what was put aside', FROZEN_SEARCHES, RIGHT_FROZEN],
    ['what strangers typed', BLIND_SEARCHES, RIGHT_BLIND],
  ])(
    'the first hit is the right page: %s',
    async (_, searches, share) => {
      const missed: string[] = []
      const { page } = await open('/')
      const field = page.getByRole('combobox')
      const first = page.getByRole('option').first()
      for (const [words, wanted] of searches) {
        await field.fill('')
        await first.waitFor({ state: 'detached' })
        await field.fill(words)
        await page
          .locator('[role=status]')
          .getByText(/place|nearest|Nothing/)
          .waitFor()
        const url = (await first.count()) === 0 ? '' : await first.getAttribute('href')
        // The page of a folder ends with a slash.
        const opened = url?.split('#')[0]?.replace(/(.)\/$/, '$1') ?? ''
        if (![wanted].flat().includes(opened)) missed.push(`${words}: ${url} and not ${wanted}`)
      }
      expect(1 - missed.length / searches.length, missed.join('\n')).toBeGreaterThanOrEqual(share)
      await page.context().close()
    },
    900_000,
  )
})
