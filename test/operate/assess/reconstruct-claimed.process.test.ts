import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bareEnvironment } from '../../../src/environments/pure.ts'
import { reconstructClaimed } from '../../../src/operate/assess/reconstruct-claimed.ts'
import { demandHandbook } from '../../../src/operate/open/open-handbook.ts'

const LAB = `export const lab = {
  mutations: [],
  workspaceMutations: [
    { name: 'page-edited', title: 'Edited', start: async folder => (await import('node:fs')).appendFileSync(folder + '/page.md', 'Or not.\\n') },
    { name: 'page-gone', title: 'Gone', start: async folder => (await import('node:fs')).rmSync(folder + '/page.md') },
  ],
  up: async () => ({}), down: async () => 'ended', status: async () => undefined, break: async () => {}, heal: async () => {},
  snapshot: async () => ({ now: { faults: { 'page-edited': { hash: 'a', deployed: false } }, workload: null, shipped: null, problems: [] } }),
}
`

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reconstruct-'))
  writeFileSync(join(root, 'handbook.yaml'), 'url: https://x.example\nlab: { module: ./lab.mjs }\n')
  writeFileSync(join(root, 'lab.mjs'), LAB)
  writeFileSync(join(root, '.gitignore'), '.handbook/\n')
  writeFileSync(join(root, 'page.md'), 'It is so.\n')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const BY = { by: { user: 'anna', host: 'ops', pid: 7 } }
const reconstruction = { made: ['plain-logs'], leftOut: { 'page-gone': 'it would hide the rest' } }
const reconstruct = async (environment: Partial<ReturnType<typeof bareEnvironment>>) =>
  reconstructClaimed(await demandHandbook(root), { ...bareEnvironment('lab'), ...environment }, BY)

test('makes the files worse as the lab was, in a copy, and says on what the result stands', async () => {
  execFileSync('git', ['init', '--quiet'], { cwd: root })
  const reconstructed = await reconstruct({ reconstruction })
  expect(reconstructed?.reconstruction).toEqual({
    made: { 'page-edited': 'a', 'plain-logs': null },
    leftOut: { 'page-gone': 'it would hide the rest' },
  })
  const copy = join(reconstructed?.folder ?? '', 'page.md')
  expect(readFileSync(copy, 'utf8')).toBe('It is so.\nOr not.\n')
  expect(readFileSync(join(root, 'page.md'), 'utf8')).toBe('It is so.\n')
  await reconstructed?.remove()
  expect(existsSync(copy)).toBe(false)
})

test('leaves any other environment alone, and explains why files outside git cannot be copied', async () => {
  expect(await reconstruct({})).toBeUndefined()
  await expect(reconstruct({ reconstruction })).rejects.toMatchObject({
    message: expect.stringContaining('cannot be copied'),
    hint: 'It must be a git repository that ignores .handbook/',
  })
})
