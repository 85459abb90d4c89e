import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHandbook, HANDBOOK } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('runbooks/page.md', '---\ntitle: Page\n---\n\n## Procedure\n\n### one\n\n```bash\ntrue\n```\n')
})
afterEach(() => handbook.remove())

test('old runs are named, go, and are known to have gone', async () => {
  expect((await handbook.run('run', 'page', '--env', 'staging', '--auto')).exitCode).toBe(0)
  const [run = ''] = readdirSync(join(handbook.cwd, '.handbook/runs'))
  const folder = join(handbook.cwd, '.handbook/runs', run)
  expect(await handbook.run('runs', 'prune')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('30d') })
  expect((await handbook.run('runs', 'prune', '--older-than', 'soon')).exitCode).toBe(2)
  const young = await handbook.run('runs', 'prune', '--older-than', '30d', '--json')
  expect(JSON.parse(young.stdout)).toEqual({ dryRun: false, pruned: [], kept: [] })
  const dry = await handbook.run('runs', 'prune', '--older-than', '0s', '--dry-run')
  expect(dry).toMatchObject({
    exitCode: 0,
    stdout: `${run}  page  passed\n`,
    stderr: '1 run would go, 0 as old stay\n',
  })
  expect(existsSync(folder)).toBe(true)
  const pruned = await handbook.run('runs', 'prune', '--older-than', '0s', '--json')
  expect(JSON.parse(pruned.stdout)).toMatchObject({ pruned: [{ run, procedure: 'page', outcome: 'passed' }], kept: [] })
  expect(existsSync(folder)).toBe(false)
  for (const command of ['show', 'export', 'resume']) {
    const { exitCode, stderr } = await handbook.run('runs', command, run)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      new RegExp(`Run ${run} was pruned on \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\dZ by [^\\n]+\\n.*page in staging.*passed`),
    )
  }
})
