import { expect, it } from 'vitest'
import { UploadLocker } from '../../../src/bridge/tus/tus-server.ts'

const never = new AbortController().signal

it('gives the lock to one at a time, and asks the holder to let go', async () => {
  const locker = new UploadLocker(10_000)
  const events: string[] = []
  const first = locker.newLock('a')
  await first.lock(never, () => {
    events.push('asked')
    setTimeout(() => {
      events.push('let go')
      void first.unlock()
    }, 20)
  })
  const rest = [1, 2, 3].map(async number => {
    const lock = locker.newLock('a')
    await lock.lock(never, () => {})
    events.push(`got ${number}`)
    await lock.unlock()
  })
  await Promise.all(rest)
  expect(events.slice(0, 5)).toEqual(['asked', 'asked', 'asked', 'let go', 'got 1'])
  expect(events.filter(event => event.startsWith('got'))).toHaveLength(3)
})

it('does not make uploads wait for each other', async () => {
  const locker = new UploadLocker(10_000)
  await locker.newLock('a').lock(never, () => {})
  await locker.newLock('b').lock(never, () => {})
})

it('gives up after its time, or when the request is gone', async () => {
  const locker = new UploadLocker(50)
  await locker.newLock('a').lock(never, () => {})
  await expect(locker.newLock('a').lock(never, () => {})).rejects.toMatchObject({ code: 'upload-locked' })
  await expect(locker.newLock('a').lock(AbortSignal.timeout(5), () => {})).rejects.toMatchObject({
    code: 'upload-interrupted',
  })
})
