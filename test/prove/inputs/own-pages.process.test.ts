import { execa } from 'execa'
import { expect, test } from 'vitest'
import { TAKINGS } from '../../../src/prove/index.ts'

test('no step of a page of ours says what it could not see', async () => {
  const { stdout, exitCode } = await execa(process.execPath, ['dist/handbook.cjs', 'prove', '--inputs', '--json'], {
    reject: false,
  })
  const { found, steps, timedOut } = JSON.parse(stdout)
  expect(found).toEqual([])
  expect(steps).toBeGreaterThan(200)
  // A step that is never judged would never be found.
  const late = timedOut.map((one: string) => one.split(' ')[0])
  expect(late.filter((one: string) => late.filter((other: string) => other === one).length === TAKINGS.length)).toEqual([])
  expect(exitCode).toBe(0)
}, 1_800_000)
