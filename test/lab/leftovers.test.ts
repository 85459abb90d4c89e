import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identify, isFrozen, isRunning } from '../../src/base/index.ts'
import { endLab } from '../../src/lab/index.ts'

const GONE = { pid: 4_000_000, start: 'a boot long ago/1' }
let directory: string
let other: ChildProcess

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lab-leftovers-'))
  other = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
  await once(other, 'spawn')
})

afterEach(async () => {
  other.kill('SIGKILL')
  await rm(directory, { recursive: true, force: true })
})

test('a process that a lab remembers is ended', async () => {
  const identity = identify(other.pid ?? 0)
  await remember({ name: 'api', ...identity })
  expect(await endLab(directory)).toBe('cleared')
  await expect.poll(() => other.signalCode ?? other.exitCode).not.toBeNull()
  expect(identity && isRunning(identity)).toBe(false)
})

test('a process that only has the number of one that a lab remembers is left alone', async () => {
  const identity = identify(other.pid ?? 0)
  await remember({ name: 'api', pid: other.pid, start: `${identity?.start}0` })
  expect(await endLab(directory)).toBe('nothing')
  expect(identity && isRunning(identity)).toBe(true)
})

test('a folder that no lab was ever in is not touched', async () => {
  await writeFile(join(directory, 'lab.json'), '{"some": "other program"}')
  await writeFile(join(directory, 'control.sock'), 'mine')
  expect(await endLab(directory)).toBe('nothing')
  expect(await readFile(join(directory, 'control.sock'), 'utf8')).toBe('mine')
  expect(await endLab(join(directory, 'absent'))).toBe('nothing')
})

test('a frozen process is seen to be', async () => {
  const pid = other.pid ?? 0
  expect(isFrozen(pid)).toBe(false)
  other.kill('SIGSTOP')
  await expect.poll(() => isFrozen(pid)).toBe(true)
  expect(isFrozen(GONE.pid)).toBe(false)
  expect(identify(GONE.pid)).toBeUndefined()
})

async function remember(process: object): Promise<void> {
  const state = { state: 'running', supervisor: GONE, processes: [process] }
  await writeFile(join(directory, 'lab.json'), JSON.stringify(state))
}
