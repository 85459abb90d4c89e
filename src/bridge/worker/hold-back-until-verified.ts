import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

/** The bytes on the volume are not those that were acknowledged. */
export class DamagedBytesError extends Error {
  constructor(found: string, expected: string) {
    super(`the bytes on the volume have SHA-256 ${found}, not ${expected}`)
    this.name = 'DamagedBytesError'
  }
}

/** Passes bytes on, but the last of them only when all have the hash expected: nothing damaged ever arrives whole. */
export function holdBackUntilVerified(sha256: string): Transform {
  const hash = createHash('sha256')
  let last: Buffer | undefined
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      const before = last
      last = chunk
      done(null, before)
    },
    flush(done) {
      const found = hash.digest('hex')
      if (found === sha256) done(null, last)
      else done(new DamagedBytesError(found, sha256))
    },
  })
}
