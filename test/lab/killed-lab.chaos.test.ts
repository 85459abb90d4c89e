import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endLab, startLab } from '../../src/lab/index.ts'
import { buildBundles } from './bundles.ts'
import { endBy, supervise } from './supervisor.ts'
import { findProcesses, findTraces } from './traces.ts'

let bundles: Awaited<ReturnType<typeof buildBundles>>
let directory: string

beforeAll(async () => {
  bundles = await buildBundles()
  directory = await mkdtemp(join(tmpdir(), 'lab-killed-'))
})

afterAll(async () => {
  await endLab(directory)
  await rm(directory, { recursive: true, force: true })
  await bundles.remove()
})

test('SIGTERM ends a lab with all that belongs to it', async () => {
  const supervisor = await supervise(bundles.folder, directory)
  await endBy(supervisor, 'SIGTERM')
  expect(findTraces(directory)).toEqual([])
})

test('what a killed lab left is ended by the next down', async () => {
  const supervisor = await supervise(bundles.folder, directory)
  await endBy(supervisor, 'SIGKILL')
  expect(findProcesses(directory).length).toBeGreaterThanOrEqual(4)
  expect(await endLab(directory)).toBe('cleared')
  expect(await endLab(directory)).toBe('nothing')
  expect(findTraces(directory)).toEqual([])
})

test('what a killed lab left is ended by the next up, frozen parts and all', async () => {
  const killed = await supervise(bundles.folder, directory)
  const left = killed.status.processes.map(({ pid }) => pid)
  const downstream = killed.status.processes.find(({ name }) => name === 'downstream')
  process.kill(downstream?.pid ?? 0, 'SIGSTOP')
  await endBy(killed, 'SIGKILL')
  const lab = await startLab({
    directory,
    bundles: bundles.folder,
    rules: 'static/monitoring',
    prometheus: false,
    log: () => undefined,
  })
  const running = lab.status().processes.map(({ pid }) => pid)
  expect(running.filter(pid => left.includes(pid))).toEqual([])
  expect(left.filter(isAlive)).toEqual([])
  await lab.down()
  expect(findTraces(directory)).toEqual([])
})

test('a lab that is still starting is ended by down', async () => {
  const starting = supervise(bundles.folder, directory).catch(error => error)
  await expectInitdb()
  expect(await endLab(directory)).toBe('ended')
  expect(String(await starting)).toContain('told to stop')
  expect(findTraces(directory)).toEqual([])
})

// The kill may come before initdb is in the state file: then it never started, and its shell ends by itself.
test('a lab that is killed while it starts leaves nothing that down does not find', async () => {
  const starting = supervise(bundles.folder, directory).catch(error => error)
  await expectInitdb()
  const { supervisor } = JSON.parse(readFileSync(join(directory, 'lab.json'), 'utf8'))
  process.kill(supervisor.pid, 'SIGKILL')
  await starting
  expect(await endLab(directory)).toBe('cleared')
  await expect.poll(() => findTraces(directory), { timeout: 10_000 }).toEqual([])
})

async function expectInitdb(): Promise<void> {
  const find = () => findProcesses(directory).filter(command => command.includes('initdb'))
  await expect.poll(find, { timeout: 30_000, interval: 10 }).not.toEqual([])
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
