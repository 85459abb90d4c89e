import { describe, expect, it } from 'vitest'
import { toSpans } from '../../../../src/theme/Live/run/ansi-spans.ts'

describe('a line that a step printed', () => {
  it.each([
    ['plain', [{ text: 'plain' }]],
    ['', []],
    ['\u001b[31mred\u001b[0m not', [{ text: 'red', ink: 'red' }, { text: ' not' }]],
    [
      '\u001b[1;92mbold\u001b[22mgreen\u001b[39mplain',
      [{ text: 'bold', ink: 'green', bold: true }, { text: 'green', ink: 'green' }, { text: 'plain' }],
    ],
    [
      '\u001b[41;3;4mx\u001b[23m\u001b[24my\u001b[49mz',
      [{ text: 'x', ground: 'red', italic: true, underlined: true }, { text: 'y', ground: 'red' }, { text: 'z' }],
    ],
    [
      '\u001b[38;5;196mred\u001b[38;2;0;0;250mblue\u001b[48;5;250mgrey',
      [
        { text: 'red', ink: 'red' },
        { text: 'blue', ink: 'blue' },
        { text: 'grey', ink: 'blue', ground: 'white' },
      ],
    ],
    ['\u001b[mreset', [{ text: 'reset' }]],
  ])('%j has its colours', (line, spans) => {
    expect(toSpans(line)).toEqual(spans)
  })

  it.each([
    ['\u001b[2Jgone', '\\x1b[2Jgone'],
    ['\u001b]8;;http://evil\u0007link', '\\x1b]8;;http://evil\\alink'],
    ['a\rb', 'a\\rb'],
    ['user\u202egnp.exe', 'user\\u{202e}gnp.exe'],
    ['\u001b[8mhidden', '\\x1b[8mhidden'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%j hides nothing', (line, text) => {
    expect(toSpans(line)).toEqual([{ text }])
  })
})
