import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Program } from '../../../src/execute/local/program.ts'
import { openSession, type Session } from '../../../src/execute/local/supervisor-session.ts'

/**
 * A supervisor that is slow: it never says that it has killed or swept anything, and a program ends when it is asked to (`term`), or
 * when what runs is to be spared, which is how the tests say when.
 */
const SLOW = `
let heard = ''
process.stdin.on('data', text => {
  const words = (heard + text).split('\\n')
  heard = words.pop()
  for (const word of words) {
    if (word === 'term') process.stdout.write('o 4\\nasksx 2\\n15d 0\\n')
    if (word === 'spare') process.stdout.write('o 5\\nsparex 1\\n0d 0\\n')
    if (word === 'release') process.exit()
  }
})
process.stdin.on('end', () => process.exit())`

let session: Session
let heard: string[]
const listen = (name: string): Program => ({
  command: ['true'],
  cwd: '/',
  variables: {},
  onOutput: (_, text) => void heard.push(`${name}: ${text}`),
})

beforeEach(() => {
  heard = []
  session = openSession(process.execPath, ['-e', SLOW], { cwd: '/', variables: {} })
})
afterEach(() => session.release())

test('the ending of a program, however late it is done, does not touch the next one', async () => {
  const first = session.begin(listen('first'))
  const ending = first.end()
  expect(await first.ended).toEqual({ signal: 15 })
  const second = session.begin(listen('second'))
  await ending
  expect(await Promise.race([second.ended, 'it runs'])).toBe('it runs')
  await Promise.all([first.end(), first.sweep(), first.spare()])
  expect(await Promise.race([second.ended, 'it runs'])).toBe('it runs')
  expect(session.isOver()).toBe(false)
  void second.spare()
  expect(await second.ended).toEqual({ code: 0 })
  expect(heard).toEqual(['first: asks', 'second: spare'])
})

test('what is heard until a program has ended is its own, even if the next one was begun', async () => {
  const first = session.begin(listen('first'))
  void first.spare()
  const second = session.begin(listen('second'))
  const ends = [first.ended.then(() => 'first'), second.ended.then(() => 'second')]
  expect(await Promise.race(ends)).toBe('first')
  void second.spare()
  expect(await second.ended).toEqual({ code: 0 })
  expect(heard).toEqual(['first: spare', 'second: spare'])
})
