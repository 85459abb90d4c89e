import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { releaseLock, takeLock } from '../../../src/bridge/storage/folder-lock.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

async function lockPath(): Promise<string> {
  const { path, remove } = await makeTemporaryFolder()
  onTestFinished(remove)
  return join(path, 'keys.json.lock')
}

it('lets one process have a lock, until it gives it back', async () => {
  const lock = await lockPath()
  expect([takeLock(lock), takeLock(lock)]).toEqual([true, false])
  releaseLock(lock)
  expect(takeLock(lock)).toBe(true)
})

it('removes the lock of a killed process, so that the next try succeeds', async () => {
  const lock = await lockPath()
  takeLock(lock)
  const minuteAgo = Date.now() / 1000 - 60
  utimesSync(lock, minuteAgo, minuteAgo)
  expect([takeLock(lock), takeLock(lock)]).toEqual([false, true])
})

it('does not mind that a lock to give back is gone, and says why one cannot be taken', async () => {
  const lock = await lockPath()
  releaseLock(lock)
  expect(() => takeLock(join(lock, 'deeper'))).toThrow(/ENOENT/)
})
