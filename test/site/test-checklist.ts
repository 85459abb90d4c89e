import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'

/** That every runbook is one sheet of paper as a checklist, by day and by night. */
export function testChecklist(
  runbooks: readonly string[],
  open: (path: string, options?: { readonly colorScheme: 'dark' }) => Promise<{ readonly page: Page }>,
): void {
  it('prints every runbook as a checklist of one page, with a box at each step', async () => {
    for (const runbook of runbooks) {
      const { page } = await open(`/runbooks/${runbook}?print=checklist`, { colorScheme: 'dark' })
      await page.locator('html[data-print="checklist"]').waitFor()
      const steps = page.locator('.markdown section[data-risk]')
      expect(await steps.count(), runbook).toBeGreaterThan(3)
      expect(await page.locator('.markdown pre:visible').count(), runbook).toBe(0)
      expect(await page.getByRole('heading', { name: 'Escalate' }).isVisible(), runbook).toBe(true)
      const pdf = await page.pdf({ format: 'A4', printBackground: true })
      expect([runbook, pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length]).toEqual([runbook, 1])
      await page.context().close()
    }
  }, 180_000)
}
