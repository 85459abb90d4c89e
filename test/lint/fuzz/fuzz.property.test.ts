import { expect, it } from 'vitest'
import { checkGenerated } from './check-pages.ts'
import { samplePages } from './seeded-page.ts'

it.each([
  ['the same as ever', 20261122],
  ['others each time', Math.floor(Math.random() * 1e9)],
])(
  'every defect that is planted in a generated page is reported at its line: %s, seed %i',
  async (_, seed) => {
    const { missed, planted } = await checkGenerated(samplePages(150, seed), import.meta.dirname)
    expect(missed.slice(0, 3)).toEqual([])
    expect(planted).toBeGreaterThan(100)
  },
  240_000,
)
