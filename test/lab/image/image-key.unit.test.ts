import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashImage } from '../../../src/lab/image/image-key.ts'

const today = new Date('2026-11-30T12:00:00Z')
/** What a machine is set up from, by the part of it that each is. */
const SOURCES = {
  'a program of the service': 'dist/bridge/api.cjs',
  'a program of the lab': 'dist/lab/shipped.cjs',
  'the lab itself': 'dist/lab.cjs',
  'the page': 'docs/deployment/new-machine.md',
  'a unit': 'static/deployment/upload-bridge-api.service',
  'a configuration': 'static/configuration/base.yaml',
}
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'image-key-'))
  for (const path of [...Object.values(SOURCES), 'postgres']) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), path)
  }
})

afterEach(() => rm(root, { recursive: true, force: true }))

const hash = (day = today) =>
  hashImage({ root, bundles: join(root, 'dist'), postgres: [join(root, 'postgres')], today: day })

test('the key is the same as long as nothing changes', async () => {
  const before = hash()
  expect(hash()).toBe(before)
  await writeFile(join(root, 'README.md'), 'something else')
  expect(hash()).toBe(before)
})

test.each(Object.entries(SOURCES))('it is another one when %s changes', async (_, path) => {
  const before = hash()
  await writeFile(join(root, path), 'changed')
  expect(hash()).not.toBe(before)
})

test('it is another one when a file is added, PostgreSQL is another one, or another day has begun', async () => {
  const before = hash()
  expect(hash(new Date('2026-12-01T00:00:00Z'))).not.toBe(before)
  await writeFile(join(root, 'postgres'), 'a newer PostgreSQL')
  const newer = hash()
  expect(newer).not.toBe(before)
  await cp(join(root, 'dist/bridge/api.cjs'), join(root, 'dist/bridge/more.cjs'))
  expect(hash()).not.toBe(newer)
})
