import { execa } from 'execa'
import { expect, test } from 'vitest'

test('no step of a page of ours says what it could not see', async () => {
  const { stdout, exitCode } = await execa(process.execPath, ['dist/handbook.cjs', 'prove', '--inputs', '--json'], {
    reject: false,
  })
  const { found, steps, notTried } = JSON.parse(stdout)
  expect(found).toEqual([])
  expect(steps).toBeGreaterThan(500)
  expect(notTried).toBe(0)
  expect(exitCode).toBe(0)
}, 1_800_000)
