import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepBefore } from '../../../src/lab/kit/keep-before.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keep-before-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('what is kept can be read by whoever reads the file', async () => {
  const path = join(folder, 'upload-bridge.yaml')
  await writeFile(path, 'a: 1\n')
  await chmod(path, 0o640)
  const { uid, gid, mode, mtimeMs } = await stat(path)
  await keepBefore(path)
  expect(await readFile(`${path}.before`, 'utf8')).toBe('a: 1\n')
  expect(await stat(`${path}.before`)).toMatchObject({ uid, gid, mode, mtimeMs })
})
