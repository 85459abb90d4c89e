import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listNames, readNewest } from '../../../src/journal/file-store/list-names.ts'
import { namePlaces, type Places } from '../../../src/journal/file-store/places.ts'

let base: string
let places: Places
const add = (...names: string[]) => {
  for (const name of names) mkdirSync(join(places.runs, name), { recursive: true })
}
/** The folder looks as if it had been written so many milliseconds ago. */
const age = (milliseconds: number) => {
  const time = (Date.now() - milliseconds) / 1000
  utimesSync(places.runs, time, time)
}
const noted = () => readFileSync(places.newest, 'utf8')

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'handbook-names-'))
  places = namePlaces(join(base, 'runs'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

test('the newest names are noted, and believed for as long as the folder looks the same', async () => {
  add('a', 'c', 'b')
  age(10_000.5)
  expect(await listNames(places)).toEqual(['c', 'b', 'a'])
  expect(noted().split('\n').slice(1)).toEqual(['c', 'b', 'a', ''])
  // Only the note could say so.
  writeFileSync(places.newest, noted().replace('\nb\n', '\nz\n'))
  expect(await readNewest(places, 2)).toEqual(['z', 'c'])
  expect(await readNewest(places, 2, 'z')).toEqual(['c', 'a'])
  add('d')
  expect(await readNewest(places, 2)).toEqual(['d', 'c'])
})

test.each([
  ['written just now', () => age(0)],
  [
    'whose time is a whole second, as file systems write that tell no parts',
    () => {
      const second = Math.floor(Date.now() / 1000)
      utimesSync(places.runs, second, second)
    },
  ],
])('nothing is noted of a folder %s: it would look the same if it were written once more', async (_, touch) => {
  add('a')
  touch()
  expect(await listNames(places)).toEqual(['a'])
  expect(() => noted()).toThrow('ENOENT')
})

test.each([
  ['half of it', (text: string) => text.slice(0, -1)],
  ['nothing', () => ''],
  ['of another folder', (text: string) => text.replace(/^\d+/, '1')],
])('a note with %s is not believed', async (_, change) => {
  add('a', 'b')
  age(10_000.5)
  await listNames(places)
  writeFileSync(places.newest, change(noted().replace('\nb\n', '\nz\n')))
  expect(await readNewest(places, 1)).toEqual(['b'])
})

test('where no note can be written, all are read; a folder that is not there has none', async () => {
  expect(await readNewest(places, 2)).toEqual([])
  add('a', 'b')
  age(10_000.5)
  mkdirSync(places.newest)
  expect(await listNames(places)).toEqual(['b', 'a'])
  expect(await readNewest(places, 1)).toEqual(['b'])
  expect(statSync(places.newest).isDirectory()).toBe(true)
})
