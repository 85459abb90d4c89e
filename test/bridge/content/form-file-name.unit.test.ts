import { expect, it } from 'vitest'
import { FormFileName, readFileName } from '../../../src/bridge/content/form-file-name.ts'

/** A header as it stands on the wire. */
const wire = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

it.each([
  ['Chrome', ` form-data; name="file"; filename="žluť %22a%22.txt"`, 'žluť "a".txt'],
  ['Firefox', ` form-data; name="file"; filename="100%.txt"`, '100%.txt'],
  ['curl, older', ` form-data; name="file"; filename="a\\"b.txt"`, 'a"b.txt'],
  ['curl', ` form-data; name="file"; filename="žluť.txt"`, 'žluť.txt'],
  ['Python requests', ` form-data; name="file"; filename*=utf-8''%C5%BElu%C5%A5.txt`, 'žluť.txt'],
  [
    '.NET',
    ` form-data; name=file; filename="=?utf-8?B?xb5sdcWlLnR4dA==?="; filename*=utf-8''%C5%BElu%C5%A5.txt`,
    'žluť.txt',
  ],
  ['.NET, only the plain name', ` form-data; name=file; filename="=?utf-8?B?xb5sdcWlLnR4dA==?="`, 'žluť.txt'],
  ['.NET, a token', ' form-data; name=file; filename=report.txt', 'report.txt'],
  [
    'encoded words by Q, in two parts',
    ` form-data; name="file"; filename="=?UTF-8?Q?=C5=BE_a?= =?utf-8?q?_b.txt?="`,
    'ž a b.txt',
  ],
  ['the extended name first', ` form-data; name="file"; filename*=UTF-8''%C5%BE.txt; filename="x.txt"`, 'ž.txt'],
  ['an extended name in Latin-1', ` form-data; name="file"; filename*=iso-8859-1'en'%A3.txt; filename="x"`, '£.txt'],
  ['an extended name that is broken', ` form-data; name="file"; filename*=utf-8''%C5.txt; filename="x.txt"`, 'x.txt'],
  [
    'Python email, in parts',
    ` form-data; name="file"; filename*0*=utf-8''%C5%BElu; filename*1*=%C5%A5%20; filename*2="a*.txt"`,
    'žluť a*.txt',
  ],
  ['parts in another order, without a charset', ` form-data; name="file"; filename*1=".txt"; filename*0="x"`, 'x.txt'],
  ['a character cut between two parts', ` form-data; filename*0*=utf-8''%C5; filename*1*=%BE.txt`, 'ž.txt'],
  ['parts without a first one', ` form-data; filename*1="b.txt"; filename="x.txt"`, 'x.txt'],
  ['a token with spaces', ' form-data; name=file; filename=my report.pdf.txt ', 'my report.pdf.txt'],
  ['an empty extended name', ` form-data; name="file"; filename="a.txt"; filename*=UTF-8''`, 'a.txt'],
  [
    'a parameter within quotes',
    ` form-data; name="file"; filename="a; filename*=UTF-8''b.exe"`,
    `a; filename*=UTF-8''b.exe`,
  ],
  ['another parameter within quotes', ' form-data; name="a;filename=b"; filename="real.txt"', 'real.txt'],
  ['a backslash at the end', ` form-data; name="file"; filename="C:\\"`, '"C:\\"'],
  ['a Windows path', ` form-data; name="file"; filename="C:\\dir\\x.txt"`, 'C:\\dir\\x.txt'],
])('reads the name that %s sends', (_client, header, name) => expect(readFileName(wire(header))).toBe(name))

it('takes a name that is not UTF-8 for Latin-1, and says when there is none', () => {
  expect(readFileName(' form-data; name="file"; filename="\u00fcber.txt"')).toBe('über.txt')
  expect(readFileName(' form-data; name="file"')).toBeUndefined()
})

it.each([
  ['in parts', `filename*0="a";\r\n filename*1=".txt"`, 'a.txt'],
  ['whole', `\r\n\tfilename="a.txt"`, 'a.txt'],
])('finds a name %s that stands in a further line of its header, wherever the bytes are cut', (_how, written, name) => {
  const form = Buffer.from(`--x\r\nContent-Disposition: form-data; name="file"; ${written}\r\nX: y\r\n\r\nbytes`)
  for (let cut = 0; cut < form.length; cut += 1) {
    const found = new FormFileName('multipart/form-data; boundary=x')
    found.take(form.subarray(0, cut))
    found.take(form.subarray(cut))
    expect(found.next()).toBe(name)
  }
})

it('finds the header of the file behind fields, wherever the bytes are cut', () => {
  const field = '--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nfilename="no"\r\n'
  const file = `--x\r\ncontent-disposition: form-data; name="file"; filename*=utf-8''%C5%BE.txt\r\n\r\nbytes`
  const form = Buffer.from(field + file)
  for (let cut = 0; cut < form.length; cut += 1) {
    const name = new FormFileName('multipart/form-data; boundary=x')
    name.take(form.subarray(0, cut))
    name.take(form.subarray(cut))
    expect(name.next()).toBe('ž.txt')
  }
})

it('takes no name from the text of a field, and says so where a part has none', () => {
  const text = 'Content-Disposition: attachment; name="file"; filename="evil.exe"\r\n\r\n--b\r\nmore'
  const field = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const file = '--x\r\nContent-Disposition: form-data; name="file"; filename="good.txt"\r\n\r\nhi\r\n--x--\r\n'
  const read = (form: string) => {
    const names = new FormFileName('multipart/form-data; boundary="x"')
    names.take(Buffer.from(form))
    return [names.next(), names.next()]
  }
  expect(read(field('note', text) + file)).toEqual(['good.txt', undefined])
  expect(read(field('file', text) + file)).toEqual([undefined, 'good.txt'])
  expect(read(field('note', text))).toEqual([undefined, undefined])
  expect(read(`preamble --x\r\n${text}\r\n${file}`)).toEqual(['good.txt', undefined])
})

it('reads two megabytes of beginnings of a header without work that grows with their square', () => {
  const names = new FormFileName('multipart/form-data; boundary=x')
  const piece = Buffer.from('content-disposition:'.repeat(3276))
  const before = process.cpuUsage()
  for (let count = 0; count < 32; count += 1) names.take(piece)
  // Hundredths of a second of the processor; an eighth of this once took eighteen.
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3)
})
