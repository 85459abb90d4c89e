import { expect, test } from 'vitest'
import { stepDrilled } from '../../src/lint/rules/proofs.ts'
import { parsePage } from '../../src/procedure/index.ts'

const waiver = (step: string) => `  - { rule: step-drilled, step: ${step}, reason: Not here, until: 2027-01-01 }\n`
const page = (path: string, ...steps: string[]) => {
  const text = `---\ntitle: T\nwaivers:\n${steps.map(waiver).join('')}---\n`
  const { procedure, matter } = parsePage(text, path)
  return { path, text, procedure, placeOf: (...keys: (string | number)[]) => matter.placeOf(keys) }
}

test('at most two steps of a handbook are waived, on whatever pages', async () => {
  const judge = async (...pages: ReturnType<typeof page>[]) =>
    (await stepDrilled.checkHandbook?.(pages as never, {} as never))?.map(({ file, line }) => [file, line])
  expect(await judge(page('a.md', 'one'), page('b.md', 'two'))).toEqual([])
  expect(await judge(page('a.md', 'one'), page('b.md', 'two', 'three'))).toEqual([['b.md', 5]])
})
