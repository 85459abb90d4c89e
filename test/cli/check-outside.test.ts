import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>

beforeEach(async () => {
  handbook = await createHandbook()
  mkdirSync(join(handbook.cwd, 'outside/pages/empty'), { recursive: true })
  mkdirSync(join(handbook.cwd, 'outside/work'), { recursive: true })
  writeFileSync(
    join(handbook.cwd, 'outside/pages/broken.md'),
    '# Broken\n\n## Procedure\n\n### S\n\n```bash\nif\n```\n',
  )
  writeFileSync(
    join(handbook.cwd, 'outside/anchor.md'),
    '# Page\n\n[here](#part), [there](pages/broken.md#broken)\n\n## Part\n',
  )
})
afterEach(() => handbook.remove())

test('outside any handbook a folder stands for the pages in it', async () => {
  const { exitCode, stdout } = await handbook.shell('cd outside && $HANDBOOK check pages')
  expect(stdout).toContain('pages/broken.md')
  expect(exitCode).toBe(1)
})

test.each(['pages/empty', '../outside/pages/empty/', ''])('nothing was checked: “%s”', async path => {
  const { exitCode, stdout, stderr } = await handbook.shell(`cd outside && $HANDBOOK check '${path}'`)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/There is no page in|A path is empty/)
  expect(exitCode).toBe(2)
})

test.each([
  ['outside', 'anchor.md'],
  ['outside/work', '../anchor.md'],
  ['outside/pages/empty', '../../work/../anchor.md'],
])('what is found does not depend on where it is asked: %s', async (folder, path) => {
  const { exitCode, stdout } = await handbook.shell(`cd ${folder} && $HANDBOOK check ${path}`)
  expect(stdout).toBe('✓ 1 page, nothing wrong\n')
  expect(exitCode).toBe(0)
})
