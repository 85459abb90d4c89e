import { expect, it } from 'vitest'
import { keepLastLine } from '../../src/runner/keep-output.ts'

it.each([
  ['nothing', [], undefined],
  ['blank lines', ['\n', '  \r\n'], undefined],
  ['the last line that says anything', ['one\ntwo', ' three\n\n \n'], 'two three'],
  ['a progress bar’s last state', ['10%\r20%\r'], '20%'],
  ['a line without its colours', ['\u001B[31mred\u001B[0m\n'], 'red'],
  ['the beginning of a long line', ['x'.repeat(300)], `${'x'.repeat(199)}…`],
  ['what stands behind much else', ['y\n'.repeat(5000), 'z'], 'z'],
])('keeps %s', (_, pieces, line) => {
  const kept = keepLastLine()
  for (const piece of pieces) kept.push(piece)
  expect(kept.read()).toBe(line)
})
