import { expect, it } from 'vitest'
import { checkFolder } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'

it('a page whose name begins with a date may say what was measured then', async () => {
  const text = '---\ntitle: Uploads were refused\n---\n\n## Summary\n\nUploads were refused for 9 minutes.\n'
  const root = await makeHandbook({ 'docs/2026-11-30-refused.md': text, 'docs/refused-11.md': text })
  const problems = await checkFolder(root, { whole: true })
  expect(problems.flatMap(({ rule, file }) => (rule === 'quantity-bound' ? [file] : []))).toEqual([
    'docs/refused-11.md',
  ])
})
