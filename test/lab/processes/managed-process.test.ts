import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LabSupervision, ManagedProcess } from '../../../src/lab/processes/managed-process.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'managed-process-'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

test('a program starts only when its start is recorded', async () => {
  const trace = join(directory, 'trace')
  const started: boolean[] = []
  const changed = () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    started.push(existsSync(trace))
  }
  await manage(['touch', trace], changed).finish()
  expect(started).toEqual([false, true])
})

test('a program reads nothing and is told its arguments as they are', async () => {
  await manage(['sh', '-c', 'cat && printf "<%s>" "$@"', 'sh', 'two words', '$HOME', '']).finish()
  expect(await readFile(join(directory, 'log'), 'utf8')).toBe('<two words><$HOME><>')
})

test('a program that is not there is an error in the words of its log', async () => {
  await expect(manage(['./no-such-program']).finish()).rejects.toThrow(/exit code 127.*no-such-program.*not found/s)
})

function manage(command: readonly [string, ...string[]], changed: LabSupervision['changed'] = () => undefined) {
  const log = join(directory, 'log')
  const env = { PATH: process.env.PATH ?? '' }
  return new ManagedProcess(
    { name: 'program', command, cwd: directory, env, log, isReady: async () => true },
    { changed, lost: () => undefined, signal: new AbortController().signal },
  )
}
