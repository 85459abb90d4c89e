import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, it } from 'vitest'

const SCRIPT = resolve('scripts/set-hooks.mjs')

let root: string
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'handbook-hooks-')))
  await git('init', '--quiet')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const git = async (...args: string[]) => {
  const author = ['-c', 'user.name=nobody', '-c', 'user.email=nobody@handbook.example']
  const { stdout } = await execa('git', [...author, ...args], { cwd: root, reject: false })
  return stdout
}
/** Runs the script in a folder, and gives where git looks for hooks then. */
const setHooks = async (cwd: string) => {
  await execa('node', [SCRIPT], { cwd })
  return git('config', 'core.hooksPath')
}

it('lets git run the hooks of a checkout', async () => {
  expect(await setHooks(root)).toBe('.githooks')
})

it('leaves hooks alone that somebody has set', async () => {
  await git('config', 'core.hooksPath', 'mine')
  expect(await setHooks(root)).toBe('mine')
})

it('does nothing to the repository that the packages are installed in', async () => {
  mkdirSync(join(root, 'node_modules/handbook'), { recursive: true })
  expect(await setHooks(join(root, 'node_modules/handbook'))).toBe('')
})

it('does nothing in a linked worktree, whose settings are everybody’s', async () => {
  await git('commit', '--quiet', '--allow-empty', '--message', 'first')
  await git('worktree', 'add', '--quiet', 'linked')
  expect(await setHooks(join(root, 'linked'))).toBe('')
})

it('does nothing where there is no git', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-hooks-'))
  await execa('node', [SCRIPT], { cwd: folder })
  rmSync(folder, { recursive: true })
})
