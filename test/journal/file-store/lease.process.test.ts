import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFileStore, type RunStore } from '../../../src/journal/index.ts'
import { bundlePrograms } from '../../environment/bundle-programs.ts'
import { requires } from '../../environment/requires.ts'
import { eventually } from '../../execute/living.ts'

let base: string
let folder: string
let store: RunStore
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'handbook-lease-'))
  folder = join(base, 'locks/page@test')
  store = createFileStore(join(base, 'runs'), { renews: 20 })
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const subject = { procedure: 'page', environment: 'test' }
const me = { user: 'me', host: hostname(), pid: process.pid, run: 'r', since: '2026-11-22T03:15:00.000Z' }
const claim = () => store.lease(subject, me)

/** Leaves a lock as somebody wrote it. */
function leave(content: string | object, number = 7): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, String(number))
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const far = { user: 'anna', host: 'far', pid: 1, run: 'q', since: '2026-11-22T03:15:00.000Z' }
const renewing = (count: number) => ({ ...far, renews: 20, counter: String(count).padStart(12, '0') })

test('numbers are never used twice, and only the highest counts', async () => {
  for (const number of ['1', '2', '3']) {
    const held = await claim()
    expect(readdirSync(folder)).toEqual([number])
    expect(await claim()).toMatchObject({
      held: false,
      state: 'alive',
      look: expect.stringContaining(join(folder, number)),
    })
    if (held.held) await held.lease.release()
  }
})

test('of many who want it at once, one has it', async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, claim))
  expect(claims.filter(({ held }) => held)).toHaveLength(1)
})

describe('a counter', () => {
  test('moves while its holder has the lease, and stands still after', async () => {
    const held = await claim()
    const counter = () => JSON.parse(readFileSync(join(folder, '1'), 'utf8')).counter
    const first = counter()
    expect(await eventually(() => counter() > first)).toBe(true)
    if (held.held) await held.lease.release()
    expect(JSON.parse(readFileSync(join(folder, '1'), 'utf8'))).toMatchObject({ released: expect.any(String) })
  })

  test('that moves says that a holder on another machine is alive', async () => {
    const file = leave(renewing(0))
    let count = 0
    const timer = setInterval(() => {
      count += 1
      writeFileSync(file, JSON.stringify(renewing(count)))
    }, 20)
    try {
      expect(await claim()).toMatchObject({ held: false, state: 'alive', holder: far })
    } finally {
      clearInterval(timer)
    }
  })

  test('that does not move says that it is gone, and the lease is taken over', async () => {
    leave(renewing(5))
    const taken = await claim()
    expect(taken).toMatchObject({ held: true, after: far, gone: [{ host: 'far', pid: 1 }] })
    expect(readdirSync(folder)).toEqual(['8'])
    if (taken.held) await taken.lease.release()
  })

  test('is believed before the process of a machine that has our name, but was started another time', async () => {
    const file = leave({ ...renewing(0), host: hostname(), start: 'another boot/1' })
    let count = 0
    const timer = setInterval(() => {
      count += 1
      writeFileSync(file, JSON.stringify({ ...renewing(count), host: hostname(), start: 'another boot/1' }))
    }, 20)
    try {
      expect(await claim()).toMatchObject({ held: false, state: 'alive' })
    } finally {
      clearInterval(timer)
    }
  })

  test('that a frozen holder let stand is found out by the holder when it goes on', async () => {
    await bundlePrograms({ journal: 'src/journal/file-store/create-file-store.ts' }, base, [])
    const script = `
      const { createFileStore } = require(${JSON.stringify(join(base, 'journal.cjs'))})
      const store = createFileStore(${JSON.stringify(join(base, 'runs'))}, { renews: 20 })
      const me = { user: 'ben', host: 'far', pid: process.pid, run: 'q', since: '' }
      store.lease({ procedure: 'page', environment: 'test' }, me).then(({ lease }) => {
        console.log('held')
        process.stdin.once('data', async () => console.log('still held: ' + (await lease.isHeld())))
        process.stdin.once('end', () => process.exit())
      })`
    const holder = spawn(process.execPath, ['-e', script])
    let said = ''
    for (const stream of [holder.stdout, holder.stderr]) stream.on('data', text => (said += text))
    try {
      expect(await eventually(() => said.includes('held')), said).toBe(true)
      expect(await claim()).toMatchObject({ held: false, state: 'alive' })
      holder.kill('SIGSTOP')
      const taken = await claim()
      expect(taken.held).toBe(true)
      holder.kill('SIGCONT')
      holder.stdin.write('?\n')
      expect(await eventually(() => said.includes('still held: false')), said).toBe(true)
      // Its renewals bring nothing back.
      expect(readdirSync(folder)).toEqual(['2'])
      if (taken.held) await taken.lease.release()
    } finally {
      holder.kill('SIGKILL')
    }
  })
})

describe('a lock without a counter is read as ever', () => {
  test('its holder is alive or gone by its process on this machine', async () => {
    leave({ ...far, host: hostname(), pid: process.pid })
    expect(await claim()).toMatchObject({ held: false, state: 'alive' })
    leave({ ...far, host: hostname(), pid: 2 ** 22 - 1 })
    expect(await claim()).toMatchObject({ held: true, after: { run: 'q' } })
  })

  test('on another machine nobody can tell: it is not taken over, and it is said how to look and how to clear it', async () => {
    const file = leave(far)
    expect(await claim()).toMatchObject({ held: false, state: 'elsewhere', holder: far })
    const { look } = { look: '', ...(await claim()) }
    expect(look).toContain('on far: ps -p 1')
    expect(look).toContain(`The lock is ${file}`)
    expect(look).toContain('remove it')
  })
})

describe('a lock that says of no holder is somebody’s', () => {
  test.each([
    ['empty', '', 'it is not what a holder writes'],
    ['half of one', '{"user":"anna","host":"fa', 'it is not what a holder writes'],
    ['zeros', '\0'.repeat(64), 'it is not what a holder writes'],
    ['no object', '7', 'it is not what a holder writes'],
    ['without a process', { user: 'anna', host: 'far' }, 'it does not say who holds it'],
    ['of a later form', { version: 2 }, 'it does not say who holds it'],
  ])('%s', async (_, content, problem) => {
    const file = leave(content)
    expect(await claim()).toMatchObject({ held: false, state: 'damaged', problem })
    const { look } = { look: '', ...(await claim()) }
    expect(look).toContain(`The lock is ${file}`)
    expect(look).toContain('handbook runs list')
    expect(look).toContain('remove the file')
    rmSync(file)
    expect(await claim()).toMatchObject({ held: true })
  })

  test.runIf(requires('a lock that may not be looked at', ['root']))('one that may not be looked at', async () => {
    mkdirSync(folder, { recursive: true })
    for (const path of [base, join(base, 'locks')]) chmodSync(path, 0o755)
    chmodSync(folder, 0o700)
    await bundlePrograms({ journal: 'src/journal/file-store/create-file-store.ts' }, base, [])
    const script = `
      const { createFileStore } = require(${JSON.stringify(join(base, 'journal.cjs'))})
      const store = createFileStore(${JSON.stringify(join(base, 'runs'))})
      store.lease(${JSON.stringify(subject)}, ${JSON.stringify(me)}).then(claim => console.log(JSON.stringify(claim)))`
    const { stdout } = spawnSync(process.execPath, ['-e', script], {
      uid: 65534,
      gid: 65534,
      cwd: '/',
      encoding: 'utf8',
    })
    expect(JSON.parse(stdout)).toMatchObject({
      held: false,
      state: 'damaged',
      problem: expect.stringMatching(/^it cannot be looked at: EACCES/),
      look: expect.stringContaining(folder),
    })
  })

  test('one that cannot be read', async () => {
    mkdirSync(join(folder, '3'), { recursive: true })
    expect(await claim()).toMatchObject({ held: false, problem: expect.stringMatching(/^it cannot be read: EISDIR/) })
  })
})
