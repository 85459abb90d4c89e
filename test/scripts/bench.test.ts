import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'

/** Holds a benchmark that runs this code against its goals. */
async function gate(code: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'handbook-bench-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  mkdirSync(join(cwd, 'scripts/bench'), { recursive: true })
  writeFileSync(join(cwd, 'scripts/bench/reading.mjs'), code)
  const words = [resolve('scripts/bench.mjs'), 'reading', '--gate']
  const { exitCode, stdout } = await execa('node', words, { cwd, reject: false })
  return { exitCode, stdout }
}

const rows = (...values: number[]) =>
  `console.log('{"rows":${JSON.stringify(values.map(value => ({ name: `row ${value}`, value, unit: 'ms', goal: 100 })))}}')`

test('goals that are met are a success', async () => {
  expect(await gate(rows(100, 7))).toEqual({
    exitCode: 0,
    stdout: '✓ row 100: 100 ms, goal ≤ 100\n✓ row 7: 7 ms, goal ≤ 100',
  })
})

test.each([
  ['a goal that is missed', rows(7, 101), '✗ row 101: 101 ms, goal ≤ 100'],
  ['a benchmark without rows', "console.log('{}')", '✗ reading measured nothing'],
  ['a benchmark that prints no JSON', "console.log('fine')", '✗ reading measured nothing'],
  ['a benchmark that fails', `${rows(7)}\nprocess.exitCode = 3`, '✗ reading ended with exit code 3'],
])('%s is a failure', async (_, code, said) => {
  const { exitCode, stdout } = await gate(code)
  expect(exitCode).toBe(1)
  expect(stdout).toContain(said)
})

const bench = (...words: string[]) => execa('node', ['scripts/bench.mjs', ...words], { reject: false })

test('--help names every benchmark, and runs none', async () => {
  const { exitCode, stdout } = await bench('--help')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/first-step, .*, bridge\n/)
  expect(stdout).toContain('npm run bench -- check --pages 200')
})

test('an option that a benchmark does not have is said in a sentence', async () => {
  const { exitCode, stderr } = await bench('reading', '--page', '3')
  expect(exitCode).toBe(1)
  expect(stderr).toBe("Unknown option '--page'. It has --json.")
})
