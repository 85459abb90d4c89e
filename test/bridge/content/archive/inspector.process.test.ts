import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inspectInProcess } from '../../../../src/bridge/content/archive/inspector.ts'
import { makeTemporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/until.ts'

const limits = { entries: 1, uncompressed: 1, ratio: 1, nesting: 1 }

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>
beforeAll(async () => {
  folder = await makeTemporaryFolder()
})
afterAll(() => folder.remove())

/** Runs a program in the place of the inspector, under the same bounds. */
async function inspectBy(code: string, time = 60_000): Promise<string | undefined> {
  const program = join(folder.path, 'program.cjs')
  await writeFile(program, code)
  return inspectInProcess('no file', limits, { program: [process.execPath, program], time })
}

it('gives the verdict of the process', async () => {
  expect(await inspectBy(`console.log('{}')`)).toBeUndefined()
  expect(await inspectBy(`console.log('{"refused":"it is a bomb"}')`)).toBe('it is a bomb')
})

it('refuses when the process wants more memory than it may have, of JavaScript or of the system', async () => {
  const reason = 'unpacking it takes more memory or time than it may have'
  expect(await inspectBy(`const all = []; for (;;) all.push(new Array(1e5).fill({ a: Math.random() }))`)).toBe(reason)
  const ofTheSystem = `const all = []
    try { for (;;) all.push(Buffer.alloc(64 * 1024 * 1024, 1)) } catch { console.log('{"refused":"' + all.length + '"}') }`
  const buffers = await inspectBy(ofTheSystem)
  expect(buffers === reason || Number(buffers) < 16).toBe(true)
})

it('kills the process when it takes too long, with all that it started', async () => {
  const note = join(folder.path, 'child')
  const code = `const { spawn } = require('node:child_process')
    require('node:fs').writeFileSync(${JSON.stringify(note)}, String(spawn('sleep', ['600']).pid))
    setInterval(() => {}, 1000)`
  expect(await inspectBy(code, 4000)).toBe('it takes longer than 4 s to unpack')
  const child = Number(await readFile(note, 'utf8'))
  await until('its child has ended', async () => {
    const state = await readFile(`/proc/${child}/stat`, 'utf8').catch(() => '')
    return !/\) [^Z]/.test(state)
  })
})

it('takes a failure of its own for no verdict', async () => {
  await expect(inspectBy(`throw new Error('no such luck')`)).rejects.toThrow(/ended with 1: .*no such luck/s)
})
