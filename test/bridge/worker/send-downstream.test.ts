import { createHash } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, it } from 'vitest'
import { DamagedBytesError, holdBackUntilVerified } from '../../../src/bridge/worker/send-downstream.ts'

const chunks = ['one', 'two', 'three'].map(text => Buffer.from(text))
const sha256 = createHash('sha256').update(Buffer.concat(chunks)).digest('hex')

it('passes bytes with the right hash', async () => {
  expect(await pass(chunks, sha256)).toBe('onetwothree')
  expect(await pass([], createHash('sha256').digest('hex'))).toBe('')
})

it('never passes the last of bytes with another hash', async () => {
  const arrived: Buffer[] = []
  const damaged = [...chunks.slice(0, 2), Buffer.from('THREE')]
  await expect(pass(damaged, sha256, arrived)).rejects.toThrow(DamagedBytesError)
  expect(Buffer.concat(arrived).toString()).toBe('onetwo')
})

async function pass(input: readonly Buffer[], expected: string, arrived: Buffer[] = []): Promise<string> {
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      arrived.push(chunk)
      done()
    },
  })
  await pipeline(Readable.from(input), holdBackUntilVerified(expected), sink)
  return Buffer.concat(arrived).toString()
}
