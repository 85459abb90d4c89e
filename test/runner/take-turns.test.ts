import { expect, test } from 'vitest'
import { takeTurns } from '../../src/runner/take-turns.ts'

/** Work of so many milliseconds. */
const toil = (milliseconds: number) => {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

test('what comes one at a time is done at once', async () => {
  const turns = takeTurns()
  const done: number[] = []
  turns.add(() => done.push(1))
  turns.add(() => done.push(2))
  expect(done).toEqual([1, 2])
})

test('much work is done in its order, and others get their turn before it is over', async () => {
  const turns = takeTurns()
  const done: string[] = []
  setImmediate(() => done.push('a signal'))
  for (let piece = 0; piece < 12; piece++)
    turns.add(() => {
      toil(20)
      done.push(String(piece))
    })
  await turns.settle()
  expect(done.filter(one => one !== 'a signal')).toEqual(Array.from({ length: 12 }, (_, piece) => String(piece)))
  expect(done.indexOf('a signal')).toBeLessThan(11)
})

test('what waits can be left out', async () => {
  const turns = takeTurns()
  let done = 0
  for (let piece = 0; piece < 12; piece++)
    turns.add(() => {
      toil(20)
      done += 1
    })
  turns.leave()
  await turns.settle()
  expect(done).toBeLessThan(12)
})
