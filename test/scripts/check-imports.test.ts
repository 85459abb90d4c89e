import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const SCRIPT = resolve('scripts/check-imports.mjs')

const COPY = mkdtempSync(join(tmpdir(), 'handbook-imports-'))
beforeAll(() => cpSync('src', join(COPY, 'src'), { recursive: true }))
afterAll(() => rmSync(COPY, { recursive: true, force: true }))

/** What is said of this repository's sources when some of them are written anew. */
async function checkWith(files: Readonly<Record<string, string>>): Promise<string[]> {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(COPY, path), text)
  const run = promisify(execFile)(process.execPath, [SCRIPT], { cwd: COPY })
  const said = await run.then(
    () => '',
    (error: { readonly stderr: string }) => error.stderr,
  )
  for (const path of Object.keys(files)) {
    if (existsSync(path)) cpSync(path, join(COPY, path))
    else rmSync(join(COPY, path))
  }
  return said.trim().split('\n')
}

test.each([
  ["export { main } from '../cli/main.ts'", 'base may not import cli'],
  ["import type { Step } from '../procedure/index.ts'\nexport type S = Step", 'base may not import procedure'],
  ["import pg from 'pg'\nexport const p = pg", 'base may not import the package pg'],
  ["import type { Root } from 'mdast'\nexport type R = Root", 'base may not import the package mdast'],
  ["import '@tus/server/deep'", 'base may not import the package @tus/server'],
  ["export const load = () => import('remark')", 'base may not import the package remark'],
  ["export const load = () => require('expect')", 'base may not import the package expect'],
])('an import that no table allows is a problem: %s', async (text, problem) => {
  expect(await checkWith({ 'src/base/planted.ts': text })).toEqual([`src/base/planted.ts:1 ${problem}`])
})

test('what the tables allow is not', async () => {
  const text = "import { join } from 'node:path'\nimport * as z from 'zod/mini'\nexport { join, z }\n"
  expect(await checkWith({ 'src/base/planted.ts': text })).toEqual([''])
})

test('a room or a package that nothing uses is a problem', async () => {
  const said = await checkWith({ 'src/search/words.ts': '' })
  expect(said).toContain('scripts/check-imports.mjs search may import stemmer, and does not: take it out')
  const rooms = await checkWith({
    'src/pages/index.tsx': '',
    'src/pages/runbooks.tsx': '',
    'src/pages/runs.tsx': '',
    'src/pages/incidents.tsx': '',
  })
  expect(rooms).toContain('scripts/check-imports.mjs pages may import theme, and does not: take it out')
})

test.each([
  ['export const folder = () => process.cwd()', 'process'],
  ["export const path = process.env['PATH']", 'process'],
  ['const { stdout } = process\nexport { stdout }', 'process'],
  ['export const end = () => globalThis.process.exit(1)', 'process'],
  ['export const bundles = __dirname', '__dirname'],
  ["import { env } from 'node:process'\nexport { env }", 'node:process'],
])('a use case that looks at its own process is a problem: %s', async (text, what) => {
  const problem = 'operate is given its world by whoever calls it: it may not look at'
  expect(await checkWith({ 'src/operate/planted.ts': text })).toEqual([`src/operate/planted.ts:1 ${problem} ${what}`])
})

test('a use case asks nobody in a terminal', async () => {
  const text = "export const ask = () => import('@clack/prompts')"
  expect(await checkWith({ 'src/operate/planted.ts': text })).toEqual([
    'src/operate/planted.ts:1 operate may not import the package @clack/prompts',
  ])
})
