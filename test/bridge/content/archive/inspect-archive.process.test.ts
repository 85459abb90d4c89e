import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectArchive } from '../../../../src/bridge/content/archive/inspect-archive.ts'
import { ArchiveRefusedError } from '../../../../src/bridge/content/archive/tally.ts'
import { makeTemporaryFolder } from '../../support/temporary-folder.ts'
import { asZip64, makeZip } from '../../support/zip.ts'

const mebibyte = 1024 * 1024
const limits = { entries: 20, uncompressed: 40 * mebibyte, ratio: 100, nesting: 2 }
const zeros = Buffer.alloc(8 * mebibyte)
const text = Buffer.from('It was a bright cold day in April.\n'.repeat(1000))

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>
beforeAll(async () => {
  folder = await makeTemporaryFolder()
})
afterAll(() => folder.remove())

const zipOf = (bytes: Buffer, name = 'a') => makeZip([{ name, bytes }])
const pack = async (program: string, bytes: Buffer) =>
  Buffer.from((await execa(program, ['-c'], { input: bytes, encoding: 'buffer' })).stdout)
const behind = (bytes: Buffer) => Buffer.concat([Buffer.from('MZ'), Buffer.alloc(5000, 7), bytes])

let number = 0
async function inspect(bytes: Buffer, other: Partial<typeof limits> = {}): Promise<string> {
  number += 1
  const path = join(folder.path, `${number}`)
  await writeFile(path, bytes)
  try {
    await inspectArchive(path, { ...limits, ...other })
    return 'accepted'
  } catch (error) {
    if (error instanceof ArchiveRefusedError) return error.message
    throw error
  }
}

/** A tar archive of the files of a folder that `fill` makes. */
async function tarOf(fill: (place: string) => Promise<unknown>, ...args: string[]): Promise<Buffer> {
  number += 1
  const place = join(folder.path, `tar-${number}`)
  await mkdir(place)
  await fill(place)
  const { stdout } = await execa('tar', ['-c', '-C', place, ...args, '.'], { encoding: 'buffer' })
  return Buffer.from(stdout)
}

describe('accepts', () => {
  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ['what is no archive', () => text],
    ['an empty file', () => Buffer.alloc(0)],
    [
      'a ZIP',
      () =>
        makeZip([
          { name: 'a/b.txt', bytes: text },
          { name: 'c..d', bytes: text },
          { name: 'e/', bytes: Buffer.alloc(0) },
        ]),
    ],
    ['an empty ZIP', () => makeZip([])],
    ['a ZIP64', () => asZip64(zipOf(text))],
    ['a ZIP64 with bytes of others behind its end', () => asZip64(zipOf(text), 12)],
    ['a ZIP64 with bytes of others behind its end, behind a program', () => behind(asZip64(zipOf(text), 300))],
    ['a ZIP behind a program', () => behind(zipOf(text))],
    ['a ZIP64 behind a program', () => behind(asZip64(zipOf(text)))],
    ['a ZIP before something else', () => Buffer.concat([zipOf(text), Buffer.alloc(100, 1)])],
    ['the end of a ZIP without its directory', () => Buffer.concat([text, zipOf(text).subarray(-22)])],
    ['gz, also of several members', () => Buffer.concat([gzipSync(text), gzipSync(text)])],
    ['xz', () => pack('xz', text)],
    ['bz2', () => pack('bzip2', text)],
    ['zst', () => pack('zstd', text)],
    ['a short text of one letter, although its ratio is large', () => gzipSync(Buffer.alloc(500_000, 97))],
    ['archives in archives', () => zipOf(zipOf(gzipSync(text)))],
    [
      'tar.xz with a link inside, and a long name',
      () =>
        tarOf(
          async place => {
            await writeFile(join(place, 'n'.repeat(200)), text)
            await symlink('../tar/n', join(place, 'link'))
          },
          '--transform=s,^\\./,inner/tar/,',
          '-J',
        ),
    ],
  ])('%s', async (_name, make) => expect(await inspect(await make())).toBe('accepted'))
})

describe('refuses', () => {
  const climbing = () => makeZip([{ name: '../../evil', bytes: text }])
  const picture = Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(1000, 1)])
  const lying = (bytes: Buffer, real: number) => {
    const said = Buffer.alloc(4)
    said.writeUInt32LE(real)
    const copy = Buffer.from(bytes)
    for (let at = copy.indexOf(said); at >= 0; at = copy.indexOf(said, at)) copy.writeUInt32LE(100, at)
    return copy
  }
  it.each<[string, RegExp, () => Buffer | Promise<Buffer>]>([
    [
      'a way out in a ZIP64 with bytes of others behind its end',
      /invalid relative path/,
      () => asZip64(climbing(), 12),
    ],
    ['the same behind a picture', /invalid relative path/, () => Buffer.concat([picture, asZip64(climbing(), 12)])],
    [
      'a ZIP64 whose end is not where it must be',
      /cannot be read/,
      () => {
        const zip = asZip64(climbing(), 12)
        zip.writeUInt32LE(9999, zip.length - 22 - 20 - 12 - 56 + 4)
        return Buffer.concat([picture, zip])
      },
    ],
    [
      'too many entries',
      /more than 20 entries/,
      () => makeZip(Array.from({ length: 21 }, (_, index) => ({ name: `${index}`, bytes: text }))),
    ],
    [
      'too many entries in all',
      /more than 20 entries/,
      () => {
        const inner = makeZip(Array.from({ length: 7 }, (_, index) => ({ name: `${index}`, bytes: text })))
        return makeZip(['a', 'b', 'c'].map(name => ({ name, bytes: inner })))
      },
    ],
    ['a bomb', /more than 100 times its size/, () => zipOf(zeros)],
    ['a bomb behind a program', /more than 100 times its size/, () => behind(zipOf(zeros)).subarray(0)],
    ['a bomb in gz', /more than 100 times/, () => gzipSync(zeros)],
    ['a bomb in xz', /more than 100 times/, () => pack('xz', zeros)],
    ['a bomb in bz2', /more than 100 times/, () => pack('bzip2', zeros)],
    ['a bomb in zst', /more than 100 times/, () => pack('zstd', zeros)],
    [
      'a bomb in zst behind a frame that is skipped',
      /more than 100 times/,
      async () => Buffer.concat([Buffer.from('502a4d180100000000', 'hex'), await pack('zstd', zeros)]),
    ],
    [
      'a bomb in the second member of gz',
      /more than 100 times/,
      () => Buffer.concat([gzipSync(text), gzipSync(zeros)]),
    ],
    ['a bomb in an archive in an archive', /more than 100 times/, () => zipOf(gzipSync(zipOf(zeros)))],
    ['a bomb in a program in an archive', /more than 100 times/, () => zipOf(behind(zipOf(zeros)))],
    ['a bomb that says it is small', /too many bytes/, () => lying(zipOf(zeros), zeros.length)],
    ['a bomb that says so behind a program', /too many bytes/, () => behind(lying(zipOf(zeros), zeros.length))],
    [
      'entries that share their bytes',
      /overlap/,
      () => {
        const zip = makeZip(Array.from({ length: 5 }, () => ({ name: 'a', bytes: text })))
        for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4))
          zip.writeUInt32LE(0, at + 42)
        return zip
      },
    ],
    ['archives too deep in archives', /more than 2 deep/, () => zipOf(zipOf(zipOf(zipOf(text))))],
    ['too many layers of gz', /more than 2 deep/, () => gzipSync(gzipSync(gzipSync(gzipSync(text))))],
    ['a name that climbs', /invalid relative path: \.\.\/\.\.\/etc/, () => zipOf(text, '../../etc/passwd')],
    ['a name that climbs, as Windows has it', /invalid relative path/, () => zipOf(text, '..\\..\\boot.ini')],
    ['an absolute name', /absolute path: \/etc/, () => zipOf(text, '/etc/passwd')],
    [
      'a link out of its folder',
      /its link a leads to \/etc\/passwd/,
      () => {
        const zip = zipOf(Buffer.from('/etc/passwd'))
        zip.writeUInt32LE((0o120_777 << 16) >>> 0, zip.indexOf('PK\x01\x02') + 38)
        return zip
      },
    ],
    [
      'a name that climbs in a tar',
      /its entry \.\.\/x leaves its folder/,
      () => tarOf(place => writeFile(join(place, 'x'), text), '-P', '--transform=s,^\\./,../,'),
    ],
    [
      'a link out of its folder in a tar',
      /its link \.\/link leads to \.\.\/\.\.\/etc/,
      () => tarOf(place => symlink('../../etc', join(place, 'link')), '-z'),
    ],
    [
      'two ZIPs in one file',
      /begins as one ZIP and ends as another/,
      () => Buffer.concat([zipOf(text), zipOf(text, 'b')]),
    ],
    ['a ZIP without its end', /no directory at its end/, () => zipOf(text).subarray(0, -30)],
    ['a damaged stream', /cannot be unpacked/, () => gzipSync(text).subarray(0, 60)],
    ['a damaged xz', /cannot be unpacked/, async () => (await pack('xz', text)).subarray(0, 60)],
    [
      'a way to pack that is not known',
      /unsupported compression method: 9/,
      () => {
        const zip = zipOf(text)
        zip.writeUInt16LE(9, zip.indexOf('PK\x01\x02') + 10)
        return zip
      },
    ],
  ])('%s', async (_name, reason, make) => expect(await inspect(await make())).toMatch(reason))
})

it('counts an entry behind a password by what it says of itself, because nobody unpacks it without', async () => {
  const zip = zipOf(text)
  for (const [mark, flags] of [
    ['PK\x03\x04', 6],
    ['PK\x01\x02', 8],
  ] as const)
    zip.writeUInt16LE(1, zip.indexOf(mark) + flags)
  expect(await inspect(zip)).toBe('accepted')
  expect(await inspect(zip, { uncompressed: text.length - 1 })).toMatch(/unpacks to more than/)
})

it('looks into no archive when none may stand in another, and says so', async () => {
  expect(await inspect(zipOf(text), { nesting: 0 })).toBe('accepted')
  expect(await inspect(zipOf(zipOf(text)), { nesting: 0 })).toMatch(/more than 0 deep/)
})
