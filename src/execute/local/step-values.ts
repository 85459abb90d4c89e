import { readFileSync, statSync } from 'node:fs'
import { toVariable } from '../../base/index.ts'
import type { Json, StepError } from '../../journal/index.ts'

/** What a bash block wrote to `$STEP_OUTPUT`: its values, or what is wrong with it. */
export type StepValues =
  | { readonly value?: Readonly<Record<string, Json>> }
  | { readonly error: Pick<StepError, 'message' | 'hint'> }

/** The most bytes that a step may hand on. */
const LIMIT = 1 << 20

/**
 * Reads `$STEP_OUTPUT`: `key=value` on a line, or `key<<END`, lines, and a line that is `END`, as GitHub Actions has it. Nothing that is
 * neither is passed over.
 */
export function readStepValues(path: string): StepValues {
  let bytes: Buffer
  try {
    const { size } = demandFile(path)
    if (size > LIMIT)
      return wrong(`$STEP_OUTPUT has ${size} bytes, and a step may hand on ${LIMIT}`, 'Keep it: hb evidence NAME FILE')
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    return wrong(`$STEP_OUTPUT cannot be read: ${error instanceof Error ? error.message : error}`, 'Only append to it')
  }
  return parse(splitLines(bytes))
}

function demandFile(path: string): { readonly size: number } {
  const stat = statSync(path)
  if (!stat.isFile()) throw new Error('it is no file any more')
  return stat
}

/** The lines as bytes read them, without the CR of a CRLF. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at)
    const line = bytes.subarray(at, end < 0 ? bytes.length : end)
    lines.push(line.at(-1) === 0x0d ? line.subarray(0, -1) : line)
    at = end < 0 ? bytes.length : end + 1
  }
  return lines
}

function parse(lines: readonly Buffer[]): StepValues {
  const values = new Map<string, string>()
  /** The line on which each key was given, by the variable that it becomes. */
  const given = new Map<string, { readonly key: string; readonly line: number }>()
  const texts: string[] = []
  for (const [index, line] of lines.entries()) {
    const text = decode(line)
    if (text === undefined)
      return wrongLine(index, 'is not UTF-8', 'Write it as base64, or keep it: hb evidence NAME FILE')
    if (text.includes('\0'))
      return wrongLine(index, 'holds a NUL', 'A value is text; keep other things: hb evidence NAME FILE')
    texts.push(text)
  }
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index] ?? ''
    if (text.trim() === '') continue
    const begin = index
    const [, key = '', mark = '', rest = ''] = /^(.*?)(=|<<)(.*)$/s.exec(text) ?? []
    if (mark === '') return wrongLine(begin, `is neither KEY=VALUE nor KEY<<END: ${shorten(text)}`, SEVERAL)
    if (key === '') return wrongLine(begin, `has no key before ${mark}: ${shorten(text)}`, 'Write KEY=VALUE')
    if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(key))
      return wrongLine(
        begin,
        `has a key that is no name: ${shorten(text)}`,
        `A key has letters, digits, _, - and ., and no space beside it. ${SEVERAL}`,
      )
    let value = rest
    if (mark === '<<') {
      if (!/^[\w-]+$/.test(rest))
        return wrongLine(
          begin,
          `has no word behind <<: ${shorten(text)}`,
          'Write KEY<<END, the lines of the value, and END',
        )
      const end = texts.indexOf(rest, begin + 1)
      if (end < 0)
        return wrongLine(
          begin,
          `begins the value of ${key}, which no line ${rest} ends`,
          `End it with a line that is ${rest} alone`,
        )
      value = texts.slice(begin + 1, end).join('\n')
      index = end
    }
    const earlier = given.get(toVariable(key))
    if (earlier)
      return wrongLine(
        begin,
        `gives ${key} again, after ${earlier.key} on line ${earlier.line}`,
        'Give each key once, after its last change',
      )
    given.set(toVariable(key), { key, line: begin + 1 })
    values.set(key, value)
  }
  return values.size === 0 ? {} : { value: Object.fromEntries(values) }
}

const SEVERAL = 'A value of several lines is written as KEY<<END, its lines, and END'

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function wrongLine(index: number, what: string, hint: string): StepValues {
  return wrong(`line ${index + 1} of $STEP_OUTPUT ${what}`, hint)
}

function wrong(message: string, hint: string): StepValues {
  return { error: { message, hint } }
}

/** A line that is long is not shown: what is cut could not be redacted any more. */
function shorten(text: string): string {
  return text.length > 200 ? `${text.length} characters` : text
}
