import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** The rooms that know which service this handbook is about. */
const OURS = /^(?:bridge|lab)\//

test('no other room knows what an upload is', () => {
  const files = readdirSync('src', { recursive: true, withFileTypes: true }).flatMap(entry =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice('src/'.length)] : [],
  )
  const engine = files.filter(file => !OURS.test(file))
  expect(engine.length).toBeGreaterThan(300)
  const found = engine.filter(file => /upload|bridge|\btus\b/i.test(readFileSync(join('src', file), 'utf8')))
  expect(found).toEqual([])
})
