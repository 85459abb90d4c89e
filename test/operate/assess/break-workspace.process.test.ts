import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { appendFile, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WorkspaceMutation } from '../../../src/lab-port/index.ts'
import { breakWorkspace } from '../../../src/operate/assess/break-workspace.ts'

let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workspace-'))
  folder = join(root, '.handbook/copy')
  writeFileSync(join(root, '.gitignore'), '.handbook/\n')
  writeFileSync(join(root, 'lock.json'), '{}\n')
  writeFileSync(join(root, 'page.md'), 'It is so.\n')
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: root })
  git('init', '--quiet')
  git('add', '--all')
  git('-c', 'user.name=anna', '-c', 'user.email=anna@example.org', 'commit', '--quiet', '--message', 'Begin')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const mutation = (name: string, start: WorkspaceMutation['start']) => ({ name, title: name, start })
const ALL = [
  mutation('lock-removed', at => rm(join(at, 'lock.json'))),
  mutation('lock-edited', async at => void (await readFile(join(at, 'lock.json'), 'utf8'))),
  mutation('page-hidden', at => rm(join(at, 'page.md'))),
  mutation('page-edited', at => appendFile(join(at, 'page.md'), 'Or not.\n')),
]

test('makes all mutations in one copy; what is left out, or cannot be made after the others, is named', async () => {
  const broken = await breakWorkspace(root, folder, { workspaceMutations: ALL }, { leftOut: { 'page-hidden': 'why' } })
  expect(broken.made).toEqual(['lock-removed', 'page-edited'])
  expect(broken.leftOut).toEqual({ 'lock-edited': expect.stringContaining("'./lock.json'") })
  expect(readFileSync(join(folder, 'page.md'), 'utf8')).toBe('It is so.\nOr not.\n')
  expect(existsSync(join(folder, 'lock.json'))).toBe(false)
  expect(readFileSync(join(root, 'page.md'), 'utf8')).toBe('It is so.\n')
  await broken.remove()
  expect(existsSync(folder)).toBe(false)
})
