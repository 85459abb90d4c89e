import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileStore, type RunEvent, type RunStore } from '../../../src/journal/index.ts'
import { readBlobs } from '../../../src/operate/index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handbook-blobs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const event = (file: string): RunEvent => ({
  seq: 1,
  time: '2026-11-22T03:15:00.000Z',
  run: 'r',
  type: 'step.evidence',
  step: 'a',
  evidence: { name: file, file },
})

/** A store of which the disk that is copied to has room for so many files only. */
function storeWithRoom(room: number): RunStore {
  let copied = 0
  return {
    ...createFileStore(join(folder, 'runs')),
    blob: async () => ({
      bytes: 3,
      readStart: async () => Buffer.from('abc'),
      hash: async () => '',
      async copyTo(path) {
        copied += 1
        writeFileSync(path, copied > room ? 'a' : 'abc')
        if (copied > room) throw new Error('ENOSPC')
      },
      linkFrom: () => '',
    }),
  }
}

test('evidence is copied whole, or not at all: half a folder would be taken for a whole one', async () => {
  const events = ['evidence/a/one', 'evidence/a/two'].map(event)
  const place = join(folder, 'place')
  const before = mkdtempSync(`${place}-`)
  await expect(readBlobs(events, storeWithRoom(1), before, true)).rejects.toThrow('ENOSPC')
  expect(readdirSync(before)).toEqual([])
  const files = await readBlobs(events, storeWithRoom(2), before, true)
  expect(files.get('evidence/a/two')?.link).toBe('r/evidence/a/two')
  expect(readFileSync(join(before, 'r/evidence/a/two'), 'utf8')).toBe('abc')
  // What was there from an export before stays, whatever happens to the next one.
  await expect(readBlobs(events, storeWithRoom(0), before, true)).rejects.toThrow('ENOSPC')
  expect(readFileSync(join(before, 'r/evidence/a/one'), 'utf8')).toBe('abc')
  expect(existsSync(join(before, 'r/evidence/a/two'))).toBe(true)
  expect(readdirSync(before)).toEqual(['r'])
})
