import { expect, test } from 'vitest'
import { prepareRedaction } from '../../src/secrets/index.ts'

/** Each of these may stand in a secret, and never ends. */
test.each<[string, string]>([
  ['a colour', '\u001b[0m'],
  ['a sequence that is not over', `\u001b[${'0'.repeat(300)}`],
  ['digits of one', '0'],
  ['what is not seen', '\u200b'],
  ['a control character', '\u0001'],
  ['line ends', '\n'],
  ['indentation', ' '],
  ['a title that is not over', `\u001b]0;${'x'.repeat(300)}`],
])('output that could go on in a secret for ever is not held back for ever: %s', (_, part) => {
  const streams = prepareRedaction(['hunter2-correct-horse-battery']).streams()
  let pushed = streams.push('stdout', 'h\u001b[').length
  let shown = 0
  let most = 0
  for (let count = 0; count < 200; count++) {
    const piece = part.repeat(Math.ceil(2000 / part.length))
    pushed += piece.length
    for (const { text } of streams.push('stdout', piece)) shown += text.length
    most = Math.max(most, pushed - shown)
  }
  expect(most).toBeLessThan(pushed / 4)
})

test('control sequences inside a secret do not hide it, however many stand there', () => {
  const secret = 'hunter2-correct-horse-battery'
  const text = [...secret].join('\u001b[31m\u001b[0m\u200b')
  expect(prepareRedaction([secret]).text(`is ${text}.`)).toBe('is [redacted].')
})
