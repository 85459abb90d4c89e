import { describe, expect, it, test } from 'vitest'
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

describe('a secret that goes on and on', () => {
  /** As a repetitive secret in repetitive output: each place may be the middle of it. */
  const find = () => prepareRedaction(['ab'.repeat(32)]).streams()
  const chunk = 'ab'.repeat(4096)

  it('is one mark, and of it no more waits than may still begin one', () => {
    const streams = find()
    const shown = Array.from({ length: 40 }, () => streams.push('stdout', chunk)).flat()
    expect(streams.holds).toBe(true)
    expect([...shown, ...streams.push('stdout', '; end\n'), ...streams.flush()].map(({ text }) => text).join('')).toBe(
      '[redacted]; end\n',
    )
    // What waits does not grow: else each piece would be searched with all that came before.
    const late = find()
    for (let count = 0; count < 40; count++) late.push('stdout', chunk)
    const rest = late
      .flush()
      .map(({ text }) => text)
      .join('')
    expect(rest.length).toBeLessThan(200)
  })

  it('stays hidden when the other stream speaks in between', () => {
    const streams = find()
    const shown = [
      ...streams.push('stdout', chunk),
      ...streams.push('stderr', 'warning\n'),
      ...streams.push('stdout', `${'ab'.repeat(31)}; end\n`),
      ...streams.flush(),
    ]
    const of = (stream: string) =>
      shown
        .filter(piece => piece.stream === stream)
        .map(({ text }) => text)
        .join('')
    expect(of('stderr')).toBe('warning\n')
    expect(of('stdout')).toBe('[redacted]; end\n')
  })
})
