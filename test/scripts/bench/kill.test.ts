import { execa } from 'execa'
import { expect, test } from 'vitest'
import { buildCli } from '../../cli/bundles.ts'

test('runs killed at instants spread evenly over their time are resumed: no finished step repeated, no event lost', async () => {
  const bundles = buildCli()
  const words = ['scripts/bench/kill.mjs', '--runs', '8', '--json', '--bundles', bundles]
  const { stdout, stderr, exitCode } = await execa(process.execPath, words, { reject: false })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({ runs: 8, killed: 8, wrong: [] })
  expect(exitCode).toBe(0)
}, 600_000)
