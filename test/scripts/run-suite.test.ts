import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// Each run starts vitest anew.
vi.setConfig({ testTimeout: 240_000 })

let cwd = ''
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'handbook-suite-'))
  symlinkSync(resolve('node_modules'), join(cwd, 'node_modules'))
  mkdirSync(join(cwd, 'test'))
  write('vitest.config.mjs', "export default { test: { include: ['test/*.mjs'] } }\n")
  write('.gitignore', 'node_modules\n')
  write('test/one.mjs', "import { test } from 'vitest'\ntest('one', () => {})\n")
  await git('init', '--quiet')
  await commit()
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const write = (file: string, text: string) => writeFileSync(join(cwd, file), text)
const git = (...args: string[]) =>
  execa('git', ['-c', 'user.name=n', '-c', 'user.email=n@handbook.example', ...args], { cwd })
async function commit(): Promise<string> {
  await git('add', '--all')
  await git('commit', '--quiet', '--allow-empty', '--message', 'x')
  return (await git('rev-parse', 'HEAD')).stdout
}

/** Runs the suite, and gives what it recorded. */
async function run(...words: string[]) {
  const { exitCode, stderr } = await execa('node', [resolve('scripts/run-suite.mjs'), 'long', ...words], {
    cwd,
    reject: false,
  })
  const file = join(cwd, 'static/suites/long.json')
  return { exitCode, stderr, record: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined }
}

test('a whole run that is green is recorded, with its commit; the record itself changes no file of the next run', async () => {
  const head = await commit()
  const first = { suite: 'long', commit: head, passed: true, count: 1, seconds: expect.any(Number) }
  expect(await run()).toMatchObject({ exitCode: 0, record: first })
  write('test/two.mjs', "import { test } from 'vitest'\ntest('two', () => {})\n")
  await git('add', 'test')
  await git('commit', '--quiet', '--message', 'two')
  expect((await run()).record).toMatchObject({ count: 2 })
})

test.each([
  ['that fails', "test('two', () => { throw new Error('no') })", 1, ''],
  ['that leaves a test out', "test.skip('two', () => {})", 0, '1 of 2 tests did not run'],
])('a run %s is not', async (_, text, exitCode, why) => {
  write('test/two.mjs', `import { test } from 'vitest'\n${text}\n`)
  await commit()
  const done = await run()
  expect(done).toMatchObject({ exitCode, record: undefined })
  expect(done.stderr).toContain(why)
})

test('a part of it, or files that no commit has, are not', async () => {
  expect(await run('one')).toMatchObject({
    record: undefined,
    stderr: expect.stringContaining('only a part of it ran'),
  })
  write('test/two.mjs', "import { test } from 'vitest'\ntest('two', () => {})\n")
  expect(await run()).toMatchObject({ record: undefined, stderr: expect.stringContaining('files differ') })
})
