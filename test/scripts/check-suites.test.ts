import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'

const DAY = 86_400_000
const RECORD = {
  suite: 'long',
  when: new Date().toISOString(),
  commit: 'a'.repeat(40),
  passed: true,
  count: 3,
  seconds: 9,
}

/** What is said of a suite that has this record. */
async function check(record: string | undefined) {
  const cwd = mkdtempSync(join(tmpdir(), 'handbook-suites-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  mkdirSync(join(cwd, 'static/suites'), { recursive: true })
  const scripts = { 'test:unit': 'vitest run', 'test:long': 'node scripts/run-suite.mjs long' }
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ scripts }))
  if (record !== undefined) writeFileSync(join(cwd, 'static/suites/long.json'), record)
  const { exitCode, stderr } = await execa('node', [resolve('scripts/check-suites.mjs')], { cwd, reject: false })
  return { exitCode, stderr }
}

test('a suite that passed lately is fine', async () => {
  expect(await check(JSON.stringify(RECORD))).toEqual({ exitCode: 0, stderr: '' })
})

test.each([
  ['of which no run is recorded', undefined, 'no whole run of it is recorded'],
  [
    'whose run is too old',
    JSON.stringify({ ...RECORD, when: new Date(Date.now() - 31.5 * DAY).toISOString() }),
    'its last whole run is 31 days old',
  ],
])('a suite %s is a warning, with the command that runs it', async (_, record, why) => {
  const { exitCode, stderr } = await check(record)
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/^static\/suites\/long\.json: warning: .*npm run test:long$/)
  expect(stderr).toContain(why)
})

test.each([
  ['that did not pass', JSON.stringify({ ...RECORD, passed: false })],
  ['of no test', JSON.stringify({ ...RECORD, count: 0 })],
  ['of another suite', JSON.stringify({ ...RECORD, suite: 'other' })],
  ['of no commit', JSON.stringify({ ...RECORD, commit: 'main' })],
  ['of no time', JSON.stringify({ ...RECORD, when: 'lately' })],
  ['that was cut short', '{"suite": "lo'],
])('a record %s is an error', async (_, record) => {
  const { exitCode, stderr } = await check(record)
  expect(exitCode).toBe(1)
  expect(stderr).toContain('static/suites/long.json: error: this is no record of the suite long')
})
