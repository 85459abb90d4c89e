import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Practice } from '../../src/journal/index.ts'
import { requires } from '../environment/requires.ts'
import { createHandbook } from './handbook.ts'

/** Lab, fault, alert, run and count, on a busy machine. */
const LIMIT = 400_000

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  const { bundles, cwd } = handbook
  const file = readFileSync('handbook.yaml', 'utf8')
  handbook.write('handbook.yaml', file.replace('dist/lab.cjs', join(bundles, 'lab.cjs')))
  for (const path of ['static/monitoring', 'scripts/procedures', 'runbooks/api-down.md', 'runbooks/downstream-down.md'])
    cpSync(path, join(cwd, path), { recursive: true })
})
afterEach(() => handbook.remove())

/** Begins a practice; `until` waits for what it tells. */
function begin(...args: readonly string[]) {
  const child = handbook.start(['practise', ...args, '--profile', 'practice', '--json'])
  const told = { out: '', err: '' }
  child.stdout.on('data', piece => {
    told.out += piece
  })
  child.stderr.on('data', piece => {
    told.err += piece
  })
  const until = (text: string | RegExp) => expect.poll(() => told.err, { timeout: 240_000 }).toMatch(text)
  return { child, told, until }
}

describe.runIf(requires('a practice', ['prometheus', 'prometheus-alertmanager']))('handbook practise', () => {
  test('breaks the lab by surprise, and scores whoever heals it; a wrong page counts', { timeout: LIMIT }, async () => {
    const { child, told, until } = begin('--surprise', '--seed', SEED)
    await until(/● UploadBridgeApiDown {2}critical\n .*\n {12}https:\/\/\S+\/runbooks\/api-down\n/)
    expect(told.err).not.toContain(FAULT)
    const other = await handbook.run('practise', '--surprise')
    expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('practises in this handbook already') })
    await handbook.run('run', 'downstream-down', '--auto')
    const healing = await handbook.run('run', 'UploadBridgeApiDown', '--auto')
    expect(healing.exitCode, healing.stdout).toBe(0)
    const { exitCode } = await child
    expect(exitCode, told.err).toBe(0)
    const score: Practice = JSON.parse(told.out)
    expect(score).toMatchObject({
      fault: FAULT,
      pages: ['api-down'],
      alerts: ['UploadBridgeApiDown'],
      surprise: true,
      outcome: 'healed',
      wrongPages: ['downstream-down'],
      wrongMitigations: [],
      workload: { name: 'uploads', lost: 0 },
    })
    expect(score.runs).toHaveLength(2)
    expect(score.secondsToPage).toBeGreaterThan(0)
    expect(score.secondsToHeal).toBeGreaterThan(score.secondsToPage ?? Number.POSITIVE_INFINITY)
    expect(score.felt?.longestGapSeconds).toBeGreaterThan(3)
    expect(score.workload?.acknowledged).toBeGreaterThanOrEqual(130)
    const { stdout } = await handbook.run('practise', '--history', '--json')
    expect(JSON.parse(stdout)).toEqual({ practices: [score] })
    // The lab that came up for this is down, and nobody practises any more.
    const after = await handbook.run('lab', 'status')
    expect(after.stdout, after.stderr).toContain('no lab runs')
    expect(existsSync(join(handbook.cwd, '.handbook/practice.json'))).toBe(false)
  })

  test('uses the lab that runs; given up, it heals it and says what it was', { timeout: LIMIT }, async () => {
    const up = handbook.start(['lab', 'up', '--profile', 'practice'])
    const status = async () => JSON.parse((await handbook.run('lab', 'status', '--json')).stdout)
    await expect.poll(status, { timeout: 240_000 }).toMatchObject({ state: 'running' })
    const { child, told, until } = begin('worker-killed')
    await until('You are on call')
    await expect.poll(status, { timeout: 120_000 }).toMatchObject({ faults: ['worker-killed'] })
    const given = await handbook.run('practise', '--give-up')
    expect(given.stdout, given.stderr).toContain('gives up')
    expect((await child).exitCode, told.err).toBe(1)
    expect(JSON.parse(told.out)).toMatchObject({
      fault: 'worker-killed',
      outcome: 'gave-up',
      secondsToHeal: null,
      runs: [],
    })
    expect(await status()).toMatchObject({ state: 'running', faults: [] })
    await handbook.run('lab', 'break', 'worker-killed')
    const again = await handbook.run('practise', 'worker-killed', '--profile', 'practice')
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('The lab is broken already') })
    await handbook.run('lab', 'down')
    await up
  })
})

/** With these two pages, this seed chooses this fault. */
const SEED = '2'
const FAULT = 'api-killed'
