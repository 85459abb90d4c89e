import { expect, test } from 'vitest'
import { breakText, fitText, measure, shortenText, wrapText } from '../../src/report/wrap-text.ts'

const RUN = '20261122-031502-k7f2'

test.each([
  `Resume it once its cause is mended, at the step that failed: handbook runs resume ${RUN}`,
  `Once it is approved by somebody else, resume it with handbook runs resume ${RUN}. Not before`,
  'Restore the old page, or start a new run (handbook run storage-filling --from purge-partials), or not',
  'The lab of this handbook is older than the command: handbook lab down, handbook lab up --detach',
  `Sign it: npx handbook runs approve ${RUN} purge --key FILE --yes and tell them`,
  'What it would do, before anything is done: `journalctl --unit upload-bridge --since -1h`',
])('a command to copy is on one line, at any width: %s', text => {
  const [, command = ''] = /((?:npx )?handbook (?:runs|run|lab) [^,.)`]*?|`[^`]+`)(?:$|[,.)]| and)/.exec(text) ?? []
  expect(command).not.toBe('')
  for (let width = 20; width < 90; width += 7) {
    const lines = wrapText(text, width)
    expect(lines.join('\n')).toContain(command)
    for (const line of lines)
      if (line.includes(' ') && !line.includes('handbook') && !line.includes('`'))
        expect(line.length).toBeLessThanOrEqual(width)
    expect(lines.join(' ')).toBe(text)
  }
})

test('prose that speaks of the handbook is no command', () => {
  expect(wrapText('this handbook shows how it is done', 16)).toEqual(['this handbook', 'shows how it is', 'done'])
})

test('long lines hang behind their sign', () => {
  const long = 'There is no practice deployment for this handbook, whose handbook.yaml names no lab at all'
  for (const [begin, hanging] of [
    ['✗ ', '  '],
    ['  ▸ ', '    '],
    ['\u001b[31m✗\u001b[39m ', '  '],
    ['    ', '    '],
    ['  2. ', '     '],
    ['', ''],
  ]) {
    const lines = fitText(`${begin}${long}\n`, 60).split('\n')
    expect(lines.length).toBe(3)
    expect(lines[0]?.startsWith(begin ?? '')).toBe(true)
    expect(lines[1]?.startsWith(`${hanging}${lines[1]?.trim()}`)).toBe(true)
    for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(60)
  }
})

test('a gutter goes on beside a long line, however it is coloured, and nothing of the line is lost', () => {
  const code = `rm -rf "/srv/${'x'.repeat(90)}" && echo "all of it is gone by now, and nobody can have it back"`
  for (const gutter of ['│  ', '    │ ', '    \u001b[2m│\u001b[22m ', '\u001b[90m│\u001b[39m  ']) {
    const lines = fitText(gutter + code, 80).split('\n')
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) {
      expect(line.startsWith(gutter)).toBe(true)
      expect(measure(line)).toBeLessThanOrEqual(80)
    }
    expect(lines.map(line => line.slice(gutter.length)).join('')).toBe(code)
  }
})

test('characters that take two columns, or none, are counted so', () => {
  expect(measure('検査')).toBe(4)
  expect(measure('🔥 up')).toBe(5)
  expect(measure('e\u0301')).toBe(1)
  expect(breakText('検査検査検査', 5)).toEqual(['検査', '検査', '検査'])
  expect(shortenText('the storage volume is filling up', 12)).toBe('the storage…')
})
