import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { laySite } from './lay-site.ts'

it('a build ends at an author’s mistake, with its place and a hint, and without a stack trace', async () => {
  const site = await laySite()
  onTestFinished(() => site.remove())
  const page = join(site.root, 'runbooks/storage-filling.md')
  const text = await readFile(page, 'utf8')
  const lines = text.split('\n')
  const line = lines.findIndex(line => line.includes('$TARGET_STORAGE_PATH')) + 1
  const column = (lines[line - 1]?.indexOf('TARGET_STORAGE_PATH') ?? 0) + 1
  await writeFile(page, text.replace('$TARGET_STORAGE_PATH', '$TARGET_STORAGE_PAHT'))

  const { exitCode, all } = await site.build()

  expect(exitCode).toBe(1)
  expect(all).toContain(`runbooks/storage-filling.md:${line}:${column} error bash-variable`)
  expect(all).toContain('found    TARGET_STORAGE_PAHT')
  expect(all).toMatch(/hint +.*TARGET_STORAGE_PATH/)
  expect(all).not.toMatch(/^\s+at /m)
}, 180_000)
