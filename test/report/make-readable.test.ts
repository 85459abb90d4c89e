import { expect, it } from 'vitest'
import { makeReadable } from '../../src/report/run-export/html.ts'

it.each([
  ['a progress bar', '10 %\r50 %\r100 %\n', '100 %\n'],
  ['a shorter word over a longer one', 'downloading\rdone\n', 'doneloading\n'],
  ['what nothing wrote over', 'all is well\r\r\nand\r\n', 'all is well\nand\n'],
  ['a line that was erased and written anew', 'downloading 10 %\r\u001b[Kdone\n', 'done\n'],
  ['a line that was erased from both sides', 'downloading 10 %\u001b[2K\rdone\n', 'done            \n'],
  ['what was erased behind a word', 'one two\rone\u001b[0K\n', 'one\n'],
  ['colours', '\u001b[31mred\u001b[0m\r\u001b[32mgreen\u001b[0m', 'green'],
  ['a line that is not over', 'loading\r', 'loading'],
])('keeps what a terminal shows at the end: %s', (_, text, shown) => {
  expect(makeReadable(text)).toBe(shown)
})

it.each([
  ['what clears the screen', 'one\u001b[2J\u001b[Htwo', 'one␛[2J␛[Htwo'],
  ['the title of a window', '\u001b]0;owned\u0007on', '␛]0;owned␇on'],
  ['a link', '\u001b]8;;https://x.example\u001b\\here\u001b]8;;\u001b\\', '␛]8;;https://x.example␛\\here␛]8;;␛\\'],
  ['what moves up', 'passed\u001b[1Afailed', 'passed␛[1Afailed'],
  ['another set of characters', '\u001b(0lqk', '␛(0lqk'],
  ['what stands beside what writes over', 'a\u001b[5n\rb', 'b␛[5n'],
])('shows what a terminal would obey: %s', (_, text, shown) => {
  expect(makeReadable(text)).toBe(shown)
})
