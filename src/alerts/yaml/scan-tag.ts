import { type Cursor, isAlpha, isBlank, isBlankOrEnd, isBreakOrEnd } from './cursor.ts'
import { type Mark, YamlError } from './token.ts'

/** A line that begins with `%`: the version of YAML, or what a handle of tags stands for. */
export function scanDirective(cursor: Cursor): {
  readonly type: 'version' | 'tag-directive'
  readonly value: string
  readonly suffix: string
} {
  const start = cursor.mark
  cursor.take()
  const name = cursor.takeWhile(isAlpha)
  if (name === '') throw new YamlError('could not find expected directive name', start)
  if (!isBlankOrEnd(cursor.peek())) throw new YamlError('found unexpected non-alphabetical character', start)
  if (name !== 'YAML' && name !== 'TAG') throw new YamlError('found unknown directive name', start)
  cursor.takeWhile(isBlank)
  const isVersion = name === 'YAML'
  const value = isVersion ? scanVersion(cursor, start) : scanHandle(cursor, true, start)
  const suffix = isVersion ? '' : scanPrefix(cursor, start)
  cursor.takeWhile(isBlank)
  if (cursor.peek() === '#') cursor.takeWhile(character => !isBreakOrEnd(character))
  if (!isBreakOrEnd(cursor.peek())) throw new YamlError('did not find expected comment or line break', start)
  cursor.takeBreak()
  return { type: isVersion ? 'version' : 'tag-directive', value, suffix }
}

/** The handle of a tag and what follows it. `!<x>` and `!` have an empty handle. */
export function scanTag(cursor: Cursor): { readonly handle: string; readonly suffix: string } {
  const start = cursor.mark
  let [handle, suffix] = ['', '']
  if (cursor.peek(1) === '<') {
    cursor.take()
    cursor.take()
    suffix = scanUri(cursor, '', start)
    if (cursor.peek() !== '>') throw new YamlError("did not find the expected '>'", start)
    cursor.take()
  } else {
    handle = scanHandle(cursor, false, start)
    const isNamed = handle.length > 1 && handle.endsWith('!')
    suffix = scanUri(cursor, isNamed ? '' : handle, start)
    if (!isNamed) [handle, suffix] = suffix === '' ? ['', '!'] : ['!', suffix]
  }
  if (!isBlankOrEnd(cursor.peek())) throw new YamlError('did not find expected whitespace or line break', start)
  return { handle, suffix }
}

function scanVersion(cursor: Cursor, start: Mark): string {
  const major = scanNumber(cursor, start)
  if (cursor.peek() !== '.') throw new YamlError("did not find expected digit or '.' character", start)
  cursor.take()
  return `${Number(major)}.${Number(scanNumber(cursor, start))}`
}

function scanNumber(cursor: Cursor, start: Mark): string {
  const digits = cursor.takeWhile(character => /^\d$/.test(character))
  if (digits === '') throw new YamlError('did not find expected version number', start)
  if (digits.length > 2) throw new YamlError('found extremely long version number', start)
  return digits
}

function scanPrefix(cursor: Cursor, start: Mark): string {
  if (!isBlank(cursor.peek())) throw new YamlError('did not find expected whitespace', start)
  cursor.takeWhile(isBlank)
  const prefix = scanUri(cursor, '', start)
  if (!isBlankOrEnd(cursor.peek())) throw new YamlError('did not find expected whitespace or line break', start)
  return prefix
}

function scanHandle(cursor: Cursor, isDirective: boolean, start: Mark): string {
  if (cursor.peek() !== '!') throw new YamlError("did not find expected '!'", start)
  const handle = cursor.take() + cursor.takeWhile(isAlpha)
  if (cursor.peek() === '!') return handle + cursor.take()
  if (isDirective && handle !== '!') throw new YamlError("did not find expected '!'", start)
  return handle
}

/** `head` is what was read as a handle, and is the beginning of the name. */
function scanUri(cursor: Cursor, head: string, start: Mark): string {
  let uri = head.slice(1)
  let isNamed = head !== ''
  while (/^[\w\-;/?:@&=+$,.!~*'()[\]%]$/.test(cursor.peek())) {
    uri += cursor.peek() === '%' ? scanEscapes(cursor, start) : cursor.take()
    isNamed = true
  }
  if (!isNamed) throw new YamlError('did not find expected tag URI', start)
  return uri
}

/** The octets of one character. */
function scanEscapes(cursor: Cursor, start: Mark): string {
  const octets: number[] = []
  let length = 1
  while (octets.length < length) {
    const digits = cursor.peek() === '%' ? `${cursor.peek(1)}${cursor.peek(2)}` : ''
    if (!/^[\da-f]{2}$/i.test(digits)) throw new YamlError('did not find URI escaped octet', start)
    const octet = Number.parseInt(digits, 16)
    if (octets.length === 0) {
      length = widthOf(octet)
      if (length === 0) throw new YamlError('found an incorrect leading UTF-8 octet', start)
    } else if ((octet & 0xc0) !== 0x80) throw new YamlError('found an incorrect trailing UTF-8 octet', start)
    octets.push(octet)
    for (let taken = 0; taken < 3; taken += 1) cursor.take()
  }
  return Buffer.from(octets).toString()
}

function widthOf(octet: number): number {
  if (octet < 0x80) return 1
  if ((octet & 0xe0) === 0xc0) return 2
  if ((octet & 0xf0) === 0xe0) return 3
  return (octet & 0xf8) === 0xf0 ? 4 : 0
}
