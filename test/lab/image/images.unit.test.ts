import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findImage, keepImage } from '../../../src/lab/image/images.ts'

const facts = {
  made: '2026-11-30T12:00:00.000Z',
  databasePassword: 'one',
  administratorPassword: 'other',
  customerKey: 'key',
  units: ['upload-bridge-api'],
}
let root: string
let folder: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'images-'))
  folder = join(root, 'images')
})

afterEach(() => rm(root, { recursive: true, force: true }))

const keep = (key: string, text = key) => keepImage(folder, key, facts, archive => writeFile(archive, text))

test('an image is found by its key, and only then', async () => {
  expect(await findImage(folder, 'a')).toBeUndefined()
  await keep('a')
  const found = await findImage(folder, 'a')
  expect(found?.facts).toEqual(facts)
  expect(await readFile(found?.archive ?? '', 'utf8')).toBe('a')
  expect(await findImage(folder, 'b')).toBeUndefined()
})

test('an image that was not completed is never found, and leaves nothing', async () => {
  const failed = keepImage(folder, 'a', facts, async archive => {
    await writeFile(archive, 'half')
    expect(await findImage(folder, 'a')).toBeUndefined()
    throw new Error('no space left')
  })
  await expect(failed).rejects.toThrow('no space left')
  expect(await findImage(folder, 'a')).toBeUndefined()
  expect(await readdir(folder)).toEqual([])
})

test('of two that make the same image, the first one stays', async () => {
  await Promise.all([
    keepImage(folder, 'a', facts, async archive => {
      await keepByOther()
      await writeFile(archive, 'second')
    }),
  ])
  const found = await findImage(folder, 'a')
  expect(await readFile(found?.archive ?? '', 'utf8')).toBe('first')
})

test('the two that were used last are kept, and what a killed process left goes', async () => {
  for (const [at, key] of ['a', 'b'].entries()) {
    await keep(key)
    await utimes(join(folder, key), at + 1, at + 1)
  }
  await mkdir(join(folder, 'c.1.partial'))
  await utimes(join(folder, 'c.1.partial'), 1, 1)
  await mkdir(join(folder, 'd.1.partial'))
  await findImage(folder, 'a')
  await keep('e')
  expect((await readdir(folder)).sort()).toEqual(['a', 'd.1.partial', 'e'])
  expect(existsSync(join(folder, 'b'))).toBe(false)
})

/** Another process makes the same image meanwhile. */
async function keepByOther(): Promise<void> {
  await mkdir(join(folder, 'a'))
  await writeFile(join(folder, 'a', 'machine.tar'), 'first')
  await writeFile(join(folder, 'a', 'facts.json'), JSON.stringify(facts))
}
