import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { adoptBefore, BEFORE, HOST, placeBefore, RUNS } from '../journal/before.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  placeBefore(handbook.cwd)
})
afterEach(() => handbook.remove())

const witness = () => readFileSync(join(handbook.cwd, 'witness'), 'utf8').trimEnd().split('\n')

describe('a run that was recorded before runs had a store', () => {
  test('is shown and exported to the byte as before', async () => {
    const { stdout: shown } = await handbook.run('runs', 'show', RUNS.healed)
    await expect(shown).toMatchFileSnapshot(resolve(BEFORE, 'exports/full.show'))
    for (const format of ['markdown', 'json', 'html', 'junit']) {
      const file = `full.${format}`
      const options = ['--format', format, '--output', file]
      expect((await handbook.run('runs', 'export', RUNS.healed, ...options)).exitCode).toBe(0)
      const exported = readFileSync(join(handbook.cwd, file), 'utf8')
      await expect(exported).toMatchFileSnapshot(resolve(BEFORE, 'exports', file))
    }
    const { stdout } = await handbook.run('runs', 'export', RUNS.healed, '--format', 'ndjson')
    expect(stdout).toBe(readFileSync(join(BEFORE, 'store/runs', RUNS.healed, 'ledger.ndjson'), 'utf8'))
  }, 120_000)

  test('and was interrupted is resumed, and repeats nothing that had ended', async () => {
    adoptBefore(handbook.cwd)
    writeFileSync(join(handbook.cwd, 'go'), '')
    const resumed = await handbook.run('runs', 'resume', RUNS.interrupted, '--auto', '--interrupted', 'repeat')
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '' })
    expect(resumed.stdout).toContain('HEALED')
    expect(witness()).toEqual(['look', 'shed', 'grow 3', 'grow 3'])
    expect((await handbook.run('runs', 'show', RUNS.interrupted)).exitCode).toBe(0)
  }, 120_000)

  test('and runs on a machine of which nobody can tell is neither resumed nor said to be over', async () => {
    const resumed = await handbook.run('runs', 'resume', RUNS.interrupted, '--auto', '--interrupted', 'repeat')
    expect(resumed).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`may still be running on ${HOST}`),
    })
    // Nor when it is tried again.
    expect((await handbook.run('runs', 'resume', RUNS.interrupted, '--auto')).exitCode).toBe(3)
    const another = await handbook.run('run', 'grow', '--env', 'staging', '--auto')
    expect(another.exitCode).toBe(3)
    expect(another.stdout.replaceAll(/\s+/g, ' ')).toContain(
      `root@${HOST} may be changing this already: run ${RUNS.interrupted}, process 31456`,
    )
    expect(witness()).toEqual(['look', 'shed', 'grow 3', 'look'])
  }, 120_000)

  test('and left something is rolled back', async () => {
    adoptBefore(handbook.cwd)
    const back = await handbook.run('runs', 'roll-back', RUNS.interrupted, '--auto')
    expect(back).toMatchObject({ exitCode: 0, stderr: '' })
    expect(witness().at(-1)).toBe('admit')
  }, 120_000)

  test.runIf(requires('an approval that was asked for before', ['ssh-keygen']))(
    'and waited for an approval goes on once it is approved',
    async () => {
      adoptBefore(handbook.cwd)
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(handbook.root, 'anna')])
      const yaml = readFileSync(join(handbook.cwd, 'handbook.yaml'), 'utf8')
      const key = readFileSync(join(handbook.root, 'anna.pub'), 'utf8').trim()
      handbook.write('handbook.yaml', yaml.replace(/ssh-ed25519 \w+/, key))
      const args = ['runs', 'approve', RUNS.waiting, 'purge', '--key', join(handbook.root, 'anna'), '--yes']
      const approved = await handbook.run(...args)
      expect(approved).toMatchObject({ exitCode: 0, stderr: '' })
      expect(approved.stdout).toContain(`Nobody waits for it: run ${RUNS.waiting} was interrupted.`)
      expect(approved.stdout).toContain(`handbook runs resume ${RUNS.waiting}\n`)
      expect(existsSync(join(handbook.cwd, '.handbook/runs', RUNS.waiting, 'approvals/purge.txt.sig'))).toBe(true)
    },
    120_000,
  )
})
