import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa, type ResultPromise } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askFiringOf, isSilent } from '../../src/alerts/index.ts'
import { freePort } from '../environment/alertmanager.ts'

const PROGRAM = 'static/monitoring/dead-mans-switch.mjs'
let folder: string
let url: string
let running: ResultPromise | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switch-'))
})

afterEach(async () => {
  running?.kill()
  await running?.catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
})

async function start(silence: number): Promise<void> {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  const woken = ['touch', join(folder, 'woken')]
  running = execa(process.execPath, [PROGRAM, `--listen=127.0.0.1:${port}`, `--silence=${silence}`, '--', ...woken])
  running.catch(() => undefined)
  await expect.poll(() => isSilent({ url }).catch(String), { timeout: 20_000 }).toBeTypeOf('boolean')
}

const notify = async (alertname: string, status = 'firing') =>
  (
    await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ version: '4', alerts: [{ status, labels: { alertname } }] }),
    })
  ).status

test('it wakes somebody when the alert stopped, and hears it again', async () => {
  await start(2)
  const page = { deadMansSwitch: { alert: 'Watchdog', url } }
  await expect.poll(() => isSilent({ url }), { timeout: 20_000 }).toBe(true)
  await expect.poll(() => existsSync(join(folder, 'woken')), { timeout: 20_000 }).toBe(true)
  expect(await askFiringOf(['Watchdog'], page)).toMatchObject({ firing: [{ name: 'Watchdog' }], silenceOf: 'Watchdog' })
  expect(await notify('Watchdog')).toBe(200)
  expect(await isSilent({ url })).toBe(false)
  expect(await askFiringOf(['Watchdog'], page)).toMatchObject({ asked: 'answered', firing: [] })
})

test('only the alert that always fires counts, and only while it fires', async () => {
  await start(600)
  expect(await notify('Other')).toBe(422)
  expect(await notify('Watchdog', 'resolved')).toBe(422)
  expect((await fetch(url, { method: 'POST', body: 'no JSON' })).status).toBe(400)
  expect(await (await fetch(url)).json()).toMatchObject({ alert: 'Watchdog', silent: false, notifications: 0 })
  await notify('Watchdog')
  expect(await (await fetch(url)).json()).toMatchObject({ notifications: 1 })
})

test('a command that wakes nobody is told in its log', async () => {
  const port = await freePort()
  running = execa(process.execPath, [PROGRAM, `--listen=127.0.0.1:${port}`, '--silence=0.2', '--', 'false'])
  let log = ''
  running.stdout?.on('data', data => {
    log += data
  })
  running.catch(() => undefined)
  await expect.poll(() => log, { timeout: 20_000 }).toContain('nobody was woken: false ended with exit code 1')
})

test('whether it is silent is unknown when it does not answer, and without it Alertmanager is asked', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`
  await expect(isSilent({ url: nowhere })).rejects.toThrow('does not answer')
  const deadMansSwitch = { alert: 'Watchdog', url: nowhere }
  expect(await askFiringOf(['Watchdog'], { deadMansSwitch })).toMatchObject({ asked: 'no-answer' })
  expect(await askFiringOf(['Other'], { deadMansSwitch })).toEqual({ asked: 'nobody' })
})

test('what it does not understand ends it with its usage', async () => {
  const { exitCode, stderr } = await execa(process.execPath, [PROGRAM, '--silence=soon'], { reject: false })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('usage: dead-mans-switch.mjs')
})
