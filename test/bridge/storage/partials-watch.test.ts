import { pino } from 'pino'
import { expect, it } from 'vitest'
import { PartialsWatch } from '../../../src/bridge/storage/partials-watch.ts'

const state = { count: 3, bytes: 100, oldest: undefined, promised: 50 }

/** A watch of which each measurement takes as long as is said, on a clock of its own. The waits end when the test says so. */
function prepare(takes: number) {
  let time = 0
  let measured = 0
  let isBroken = false
  const waits: { readonly time: number; readonly end: () => void }[] = []
  const watch = new PartialsWatch({
    log: pino({ level: 'silent' }),
    now: () => time,
    wait: pause => new Promise<void>(end => waits.push({ time: pause, end })),
    measure: async () => {
      measured += 1
      time += takes
      if (isBroken) throw new Error('the volume is gone')
      return { ...state, count: measured }
    },
  })
  return {
    watch,
    waits,
    measured: () => measured,
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    breakVolume: () => {
      isBroken = true
    },
  }
}

it('is read without a look at the volume, and takes at most a tenth of the time', async () => {
  const { watch, waits, measured } = prepare(700)
  await watch.start()
  for (let read = 0; read < 100; read++) expect(watch.current?.count).toBe(1)
  expect(measured()).toBe(1)
  expect(waits.map(({ time }) => time)).toEqual([6300])
  waits[0]?.end()
  await expect.poll(() => watch.current?.count).toBe(2)
})

it('rests for a second at least, and half a minute at most', async () => {
  for (const [takes, rest] of [
    [1, 1000],
    [60_000, 30_000],
  ] as const) {
    const { watch, waits } = prepare(takes)
    await watch.start()
    expect(waits.map(({ time }) => time)).toEqual([rest])
  }
})

it('says nothing when it failed, or when it hangs', async () => {
  const { watch, waits, pass, breakVolume } = prepare(1)
  expect(watch.current).toBeUndefined()
  await watch.start()
  pass(119_000)
  expect(watch.current).toEqual({ ...state, count: 1 })
  pass(2000)
  expect(watch.current).toBeUndefined()
  breakVolume()
  waits[0]?.end()
  await expect.poll(() => waits.length).toBe(2)
  expect(watch.current).toBeUndefined()
})
