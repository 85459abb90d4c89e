import { execa } from 'execa'
import { expect, test } from 'vitest'
import { buildCli } from '../../cli/bundles.ts'

test('300 runs killed at instants spread evenly over their time are resumed: no finished step repeated, no event lost', async () => {
  const bundles = buildCli()
  const words = ['scripts/bench/kill.mjs', '--runs', '300', '--json', '--bundles', bundles]
  const { stdout, stderr, exitCode } = await execa(process.execPath, words, { reject: false })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({ runs: 300, killed: 300, wrong: [] })
  expect(exitCode).toBe(0)
}, 3_600_000)
