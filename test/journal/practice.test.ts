import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepPractice, namePractices, readPractices } from '../../src/journal/index.ts'
import { makePractice } from './make-practice.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'handbook-practices-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

test('nobody has practised where there is no file', async () => {
  expect(await readPractices(root)).toEqual({ practices: [], unreadable: [] })
})

test('practices are kept a line each, oldest first', async () => {
  const [first, second] = [makePractice({}), makePractice({ outcome: 'gave-up', secondsToHeal: null, felt: null })]
  await keepPractice(root, first)
  await keepPractice(root, second)
  expect(await readPractices(root)).toEqual({ practices: [first, second], unreadable: [] })
  expect((await readFile(namePractices(root), 'utf8')).split('\n')).toHaveLength(3)
})

test('a line that is none is told by its number, and keeps nobody from reading the others', async () => {
  await keepPractice(root, makePractice({}))
  await appendFile(namePractices(root), '{"date": "2026-11-30"}\nhealed\n')
  await keepPractice(root, makePractice({ fault: 'later' }))
  await appendFile(namePractices(root), '{"date":"20')
  const { practices, unreadable } = await readPractices(root)
  expect(practices.map(({ fault }) => fault)).toEqual(['filling', 'later'])
  expect(unreadable).toEqual([2, 3, 5])
})
