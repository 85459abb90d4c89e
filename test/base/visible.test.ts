import { describe, expect, test } from 'vitest'
import { createScreen, makeVisible } from '../../src/base/index.ts'

describe('what a terminal would obey is written out', () => {
  test.each([
    ['the clipboard', '\u001b]52;c;YQ==\u0007', '\\x1b]52;c;YQ==\\a'],
    ['a title that is ended otherwise', '\u001b]0;prod\u001b\\', '\\x1b]0;prod\\x1b\\'],
    ['a link', '\u001b]8;;https://x.example\u001b\\here', '\\x1b]8;;https://x.example\\x1b\\here'],
    ['a move, and a cleared line', '\u001b[1A\u001b[2K', '\\x1b[1A\\x1b[2K'],
    ['a sequence of one byte', '\u009b2J', '\\x9b2J'],
    ['device control', '\u001bP$q"p\u001b\\', '\\x1bP$q"p\\x1b\\'],
    ['a reset', '\u001bc', '\\x1bc'],
    ['a line that is written over', 'failed\rpassed', 'failed\\rpassed'],
    ['steps back', 'no\b\byes', 'no\\b\\byes'],
    ['the rest of what has no picture', '\u0000\u0007\u007f\u000b', '\\0\\a\\x7f\\x0b'],
    ['text from right to left', 'a\u202egpj.exe\u2066', 'a\\u{202e}gpj.exe\\u{2066}'],
    ['what is not seen', 'p\u200ba\u00ady\u2060\u{e0041}', 'p\\u{200b}a\\xady\\u{2060}\\u{e0041}'],
    ['ends of lines that are none', 'a\u2028b\u2029c\u0085', 'a\\u{2028}b\\u{2029}c\\x85'],
    ['a joiner between letters', 'pay\u200dpal', 'pay\\u{200d}pal'],
    ['text that is concealed', '\u001b[8mhid\u001b[1;8m', '\\x1b[8mhid\\x1b[1;8m'],
    ['a joiner with nothing behind it', '👩\u200d', '👩\\u{200d}'],
    ['fillers', 'a\u034fb\u180cc\u2800\uffa0\u{1d173}', 'a\\u{34f}b\\u{180c}c\\u{2800}\\u{ffa0}\\u{1d173}'],
    ['half of a character', 'a\ud83d', 'a\\u{d83d}'],
    ['a sequence that never ends', '\u001b[31', '\\x1b[31'],
  ])('%s', (_, text, shown) => {
    expect(makeVisible(text, true)).toBe(shown)
  })
})

test.each(['a\tb\nc', 'größer · 100 % ✓', '日本語', 'שלום', '👩‍🚒 🏳️‍🌈 👍🏽', '\ufffd'])('%s stays', text => {
  expect(makeVisible(text)).toBe(text)
})

test('ends of lines as on Windows are ends of lines', () => {
  expect(makeVisible('a\r\nb\r\n')).toBe('a\nb\n')
})

describe('colours', () => {
  const show = (pieces: readonly string[], colors = true) => {
    const written: string[] = []
    const write = createScreen(text => void written.push(text), colors)
    for (const piece of pieces) write(piece)
    return written.join('')
  }

  test('pass, and are left out where nobody wants them', () => {
    expect(show(['\u001b[1m\u001b[38;5;9mred\u001b[0m\n'])).toBe('\u001b[1m\u001b[38;5;9mred\u001b[0m\n')
    expect(show(['\u001b[1m\u001b[31mred\u001b[39m\u001b[22m\n'], false)).toBe('red\n')
  })

  test.each([
    [['\u001b[31mred\n', 'next\n'], '\u001b[31mred\u001b[0m\nnext\n'],
    [['\u001b[3mA', 'B\n', 'next\n'], '\u001b[3mAB\u001b[0m\nnext\n'],
    [['\u001b[3m\u001b[23;7mA\n', 'next\n'], '\u001b[3m\u001b[23;7mA\u001b[0m\nnext\n'],
    [['\u001b[38;5;8mgrey\u001b[39m\n'], '\u001b[38;5;8mgrey\u001b[39m\n'],
    [['\u001b[58;2;1;2;3mline\n', 'next\n'], '\u001b[58;2;1;2;3mline\u001b[0m\nnext\n'],
    [['\u001b[1;31mboth\u001b[39m\n', 'next\n'], '\u001b[1;31mboth\u001b[39m\u001b[0m\nnext\n'],
    [['\u001b[2mown\u001b[22m\n', 'next\n'], '\u001b[2mown\u001b[22m\nnext\n'],
    [['\u001b[mnothing\n'], '\u001b[mnothing\n'],
  ])('that were not ended do not go on into the next line: %j', (pieces, shown) => {
    expect(show(pieces)).toBe(shown)
  })
})
