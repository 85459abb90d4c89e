import fc from 'fast-check'
import { expect, it } from 'vitest'
import { safeUploadName } from '../../../src/bridge/storage/partials.ts'

it.each([
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\system.ini', 'system.ini'],
  ['a\u0000b\r\nc', 'abc'],
  ['über uns 🎉.txt', 'über uns 🎉.txt'],
  ['folder/', 'unnamed'],
  [`${'a'.repeat(300)}.txt`, `${'a'.repeat(251)}.txt`],
  [`${'🎉'.repeat(300)}.tar.gz`, `${'🎉'.repeat(252)}.gz`],
  [`${'a'.repeat(300)}. b`, 'a'.repeat(255)],
  ['   ', 'unnamed'],
  [undefined, 'unnamed'],
])('makes %j harmless', (name, safe) => expect(safeUploadName(name)).toBe(safe))

it('gives what a header, a row and a path segment can hold, whatever it is given', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), name => {
      const safe = safeUploadName(name)
      expect(encodeURIComponent(safe)).not.toBe('')
      expect(Array.from(safe).length).toBeLessThanOrEqual(255)
      expect(safe).not.toMatch(/[/\\\p{Cc}]/u)
    }),
  )
})
