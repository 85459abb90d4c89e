import { expect, test } from 'vitest'
import { Progress, SERVING } from '../../../src/lab/lifecycle/progress.ts'

/** The progress of a lab that was asked for a minute ago, and what it reports and why it stops. */
function begin() {
  const [lines, reasons]: [string[], unknown[]] = [[], []]
  const registry = { close: (reason: unknown) => reasons.push(reason) }
  const progress = new Progress(registry, line => lines.push(line), Date.now() - 60_000)
  return { progress, lines, reasons }
}

test('a part begins after those that it needs, and its time is its own', async () => {
  const { progress, lines } = begin()
  const order: string[] = []
  let release = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  const work = (name: string) => async () => {
    order.push(name)
    return name
  }
  const first = progress.part('first', async () => held.then(work('first')))
  const second = progress.part('second', work('second'), [first])
  const other = progress.part('other', work('other'))
  await other
  expect(order).toEqual(['other'])
  release()
  await progress.all([first, second, other])
  expect(order).toEqual(['other', 'first', 'second'])
  expect(lines.map(line => line.split(' ')[1])).toEqual(['other', 'first', 'second'])
  const { parts } = progress.times('nothing')
  const [, one, two] = parts
  expect(two?.from).toBeGreaterThanOrEqual((one?.from ?? 0) + (one?.took ?? 0) - 0.01)
})

test('the time until customers are answered, and until all is ready, are told apart, from when the lab was asked for', async () => {
  const { progress, lines } = begin()
  await progress.part(SERVING, async () => 'it answers')
  await progress.part('first look', () => new Promise(resolve => setTimeout(() => resolve('seen'), 50)))
  const { from, serving, ready, parts } = progress.times('image')
  expect(from).toBe('image')
  expect(serving).toBeGreaterThanOrEqual(60)
  expect(ready).toBeGreaterThan(serving)
  expect(parts.map(({ name }) => name)).toEqual([SERVING, 'first look'])
  expect(lines[0]).toMatch(/^✔ serving {6}it answers, 6\d\.\d s after the lab was asked for$/)
})

test('the first failure stops the others, and what needed it does not begin', async () => {
  const { progress, reasons } = begin()
  const failed = progress.part('one', () => Promise.reject(new Error('no room')))
  let began = false
  const needy = progress.part('two', async () => {
    began = true
    return ''
  }, [failed])
  await expect(progress.all([failed, needy])).rejects.toThrow('no room')
  expect(began).toBe(false)
  expect(reasons[0]).toEqual(new Error('no room'))
})
