import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ReplacedFileError, writeBytes } from '../../../src/bridge/storage/bytes.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>
beforeEach(async () => {
  folder = await makeTemporaryFolder()
})
afterEach(() => folder.remove())

it('writes from an offset on and tells where it ended', async () => {
  const path = join(folder.path, 'data')
  await writeFile(path, 'abc')
  const seen: string[] = []
  expect(await writeBytes(path, 3, chunks('de', 'f'), chunk => seen.push(`${chunk}`))).toBe(6)
  expect([await readFile(path, 'utf8'), seen]).toEqual(['abcdef', ['de', 'f']])
})

it('writes nothing into a file that has gone on without it, or that it may not write to any more', async () => {
  const path = join(folder.path, 'data')
  await writeFile(path, 'abc')
  await expect(writeBytes(path, 0, chunks('xyz'))).rejects.toThrow(ReplacedFileError)
  const asked: string[] = []
  const mayNot = async () => {
    asked.push(await readFile(path, 'utf8'))
    return false
  }
  await expect(writeBytes(path, 3, chunks('def'), undefined, mayNot)).rejects.toThrow(ReplacedFileError)
  expect([await readFile(path, 'utf8'), asked]).toEqual(['abc', ['abc']])
})

it('keeps what arrived when the source breaks, and says why it broke', async () => {
  const path = join(folder.path, 'data')
  await writeFile(path, '')
  async function* broken() {
    yield* chunks('abc')
    throw new Error('cut off')
  }
  await expect(writeBytes(path, 0, broken())).rejects.toThrow('cut off')
  expect(await readFile(path, 'utf8')).toBe('abc')
})

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}
