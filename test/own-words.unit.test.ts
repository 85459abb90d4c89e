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

/** A number in a template, with a noun in the plural behind it: `${found.length} pages`. Bytes and characters are counted by thousands. */
const PLURAL =
  /\$\{[^{}]*(?:\.(?:length|size|retries|attempts|events|of|stored)|\b(?:count|amount|total|times|events|retries|of|rows|uploads))(?: [-+] [\w.]+)?\} (?:more )?(?!bytes|characters|is\b|its\b|this\b)[a-z]+s\b/

/** Sentences about more than one, always: of one, nothing is said, or something else. */
const ALWAYS_MORE = [
  'rest.length + 1} steps',
  'retries.length + 1} tries',
  'fitting.length} times',
  'found.length} pages',
  'lab.mutations.length} mutations',
  'made + leftOut.length} mutations',
  "'twice'][times - 1] ?? `${times} times",
]

test('of one thing nobody says that it is many: “1 runs”', () => {
  const files = readdirSync('src', { recursive: true, withFileTypes: true }).flatMap(entry =>
    entry.isFile() && /\.tsx?$/.test(entry.name) ? [join(entry.parentPath, entry.name)] : [],
  )
  const found = files.flatMap(file => {
    const lines = readFileSync(file, 'utf8').split('\n')
    return lines.flatMap((line, at) => {
      const around = lines.slice(Math.max(0, at - 3), at + 1).join('\n')
      const isGuarded = /=== 1\b|> 1\b|> \d\d+/.test(around) || ALWAYS_MORE.some(words => line.includes(words))
      return PLURAL.test(line) && !isGuarded ? [`${file}:${at + 1} ${line.trim()}`] : []
    })
  })
  expect(found).toEqual([])
})
