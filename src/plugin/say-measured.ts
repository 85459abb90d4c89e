import type { Procedure } from '../procedure/index.ts'
import type { Assessment } from '../readiness/index.ts'

/** Where something was measured: the environment, and how the lab was made if it was one. */
export function sayWhere({ environment, profile }: Pick<Assessment, 'environment' | 'profile'>): string {
  return profile === undefined ? environment : `${environment} (${profile})`
}

/** Whether a page of the area was changed, removed or added since it was measured. */
export function hasChanged(area: string, pages: readonly Procedure[], { pages: measured, items }: Assessment): boolean {
  const now = pages.filter(page => page.area === area)
  const then = new Set(items.filter(item => item.area === area).flatMap(({ checks }) => checks.map(({ page }) => page)))
  return (
    now.some(({ path, hash }) => measured[path] !== hash) ||
    [...then].some(path => !now.some(page => page.path === path))
  )
}
