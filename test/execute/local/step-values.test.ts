import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readStepValues } from '../../../src/execute/local/step-values.ts'
import { provideRuns } from '../../runner/provide-runs.ts'
import { tell } from '../../runner/run-page.ts'

const runs = provideRuns()
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handbook-output-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(text: string | Buffer) {
  writeFileSync(join(folder, 'output'), text)
  return readStepValues(join(folder, 'output'))
}

describe('what a bash step hands on', () => {
  test.each<[string, string, Record<string, string>]>([
    ['pairs', 'a=1\nmy-host=db-1\nx.y=z\n_n=', { a: '1', 'my-host': 'db-1', 'x.y': 'z', _n: '' }],
    ['what stands behind the first =', 'url=a=b==\nnote= a = b ', { url: 'a=b==', note: ' a = b ' }],
    ['a value with <<', 'text=a << b', { text: 'a << b' }],
    [
      'several lines',
      'cert<<END\n-----BEGIN\nabc\nkey=evil\n\n-----END\nEND\nafter=1\n',
      {
        cert: '-----BEGIN\nabc\nkey=evil\n\n-----END',
        after: '1',
      },
    ],
    ['nothing between', 'empty<<EOF\nEOF\n', { empty: '' }],
    [
      'a line that holds the delimiter among other words',
      'a<<END\nEND of it\n END\nENDE\nEND',
      { a: 'END of it\n END\nENDE' },
    ],
    ['two of them, one inside another', 'a<<A\nb<<B\nA\nb<<B\nA\nB\n', { a: 'b<<B', b: 'A' }],
    ['line ends of Windows', 'crlf=yes\r\nlong<<END\r\none\r\ntwo\r\nEND\r\n', { crlf: 'yes', long: 'one\ntwo' }],
    ['no line end at the end', 'a<<END\nb\nEND', { a: 'b' }],
    ['other scripts', 'größe=groß 🙂\n', { größe: 'groß 🙂' }],
    ['empty lines between', '\n\na=1\n  \nb=2\n', { a: '1', b: '2' }],
    ['names of objects', '__proto__=1\nconstructor=2\n', JSON.parse('{"__proto__":"1","constructor":"2"}')],
  ])('%s', (_, text, value) => {
    expect(read(text)).toEqual({ value })
  })

  test('nothing', () => {
    expect([read(''), read('\n\n'), readStepValues(join(folder, 'no-such-file'))]).toEqual([{}, {}, {}])
  })

  test('a long value as it is', () => {
    expect(read(`a=${'x'.repeat(500_000)}`)).toEqual({ value: { a: 'x'.repeat(500_000) } })
  })

  test.each<[string, string | Buffer, RegExp]>([
    ['words', 'a=1\njust text\n', /^line 2 of \$STEP_OUTPUT is neither KEY=VALUE nor KEY<<END: just text$/],
    ['the second line of a value', 'cert=-----BEGIN\nabc\n', /^line 2 .* neither .*: abc$/],
    ['no key', '=novalue\n', /^line 1 .* has no key before =/],
    ['no key before <<', 'a=1\n<<END\nx\nEND\n', /^line 2 .* has no key before <</],
    ['space beside the key', 'port = 5432\n', /^line 1 .* key that is no name: port = 5432$/],
    ['a key of two words', 'my port=1', /^line 1 .* key that is no name/],
    ['a key that begins with a digit', '1a=1', /^line 1 .* key that is no name/],
    ['an escape sequence in a key', '\x1b[31ma=1', /^line 1 .* key that is no name/],
    ['a value that no line ends', 'a=1\nb<<END\nx=1\n', /^line 2 .* begins the value of b, which no line END ends$/],
    ['a value that holds its own delimiter', 'b<<END\nx\nEND\ny\nEND\n', /^line 4 .* neither .*: y$/],
    ['<< without a word', 'b<<\nx\n', /^line 1 .* no word behind <</],
    ['<< with two words', 'b<<EN D\nx\nEN D\n', /^line 1 .* no word behind <</],
    ['a key twice', 'a=1\nb=2\na=3\n', /^line 3 .* gives a again, after a on line 1$/],
    ['keys that become one variable', 'a-b=1\na_b=2\n', /^line 2 .* gives a_b again, after a-b on line 1$/],
    ['NUL', 'a=1\nb=x\0y\n', /^line 2 .* holds a NUL$/],
    ['NUL in a value of several lines', 'b<<END\nx\n\0\nEND\n', /^line 3 .* holds a NUL$/],
    ['no UTF-8', Buffer.concat([Buffer.from('a=1\nb='), Buffer.from([0xff, 0xfe])]), /^line 2 .* is not UTF-8$/],
    ['UTF-16', Buffer.from('a=1\n', 'utf16le'), /^line 1 .* holds a NUL$/],
    ['too much', `a=${'x'.repeat(1_100_000)}`, /^\$STEP_OUTPUT has 1100002 bytes, and a step may hand on 1048576$/],
  ])('is wrong, with a hint: %s', (_, text, message) => {
    expect(read(text)).toEqual({
      error: { message: expect.stringMatching(message), hint: expect.stringMatching(/\w{4}/) },
    })
  })

  test('is wrong when it is no file any more', () => {
    mkdirSync(join(folder, 'folder'))
    expect(readStepValues(join(folder, 'folder'))).toHaveProperty('error')
  })

  test('reaches later steps whole; what is wrong fails the step at its line', async () => {
    const page = [
      '## Procedure',
      '### give',
      '```bash',
      `printf 'cert<<END\\n%s\\nEND\\n' $'one\\nkey=evil' >> "$STEP_OUTPUT"`,
      '```',
      '### take',
      '```bash',
      'printf "%s|%s" "$STEP_GIVE_CERT" "${STEP_GIVE_KEY:-none}"',
      '```',
      '### read',
      '```ts',
      'return steps.give',
      '```',
      '### wrong',
      '```bash',
      'echo before',
      'echo some text >> "$STEP_OUTPUT"',
      '```',
      '',
    ]
    const { events } = await runs.run(page.join('\n'))
    expect(tell(events)).toEqual(
      expect.arrayContaining([
        'take stdout: one\nkey=evil|none',
        'read passed {"cert":"one\\nkey=evil"}',
        'wrong failed at 17:1: line 1 of $STEP_OUTPUT is neither KEY=VALUE nor KEY<<END: some text',
      ]),
    )
  })
})
