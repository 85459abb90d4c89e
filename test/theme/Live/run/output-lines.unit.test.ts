import { expect, it } from 'vitest'
import { addOutput, NO_OUTPUT } from '../../../../src/theme/Live/run/output-lines.ts'

const print = (...texts: readonly string[]) =>
  texts.reduce(
    (output, text, at) =>
      addOutput(output, { type: 'step.output', step: 's', stream: 'stdout', text, seq: at + 1, time: '', run: 'r' }),
    NO_OUTPUT,
  )

it('joins pieces to lines, wherever they are cut', () => {
  expect(print('one\ntw', 'o', '\n', '\nfour').lines).toEqual(['one', 'two', '', 'four'])
})

it('keeps the last 2000 lines, and counts those before', () => {
  const { lines, dropped } = print(...Array.from({ length: 30 }, (_, at) => `${'x\n'.repeat(99)}${at}\n`))
  expect(lines).toHaveLength(2000)
  expect(dropped).toBe(1000)
  expect(lines.at(-1)).toBe('29')
})

it('says what the record leaves out, at its place', () => {
  const event = {
    type: 'step.output',
    step: 's',
    stream: 'stdout',
    text: 'after\n',
    seq: 2,
    time: '',
    run: 'r',
  } as const
  expect(addOutput(print('bef'), { ...event, skipped: 512 }).lines).toEqual([
    'bef',
    '… 512 more bytes, which are in the step’s whole output',
    'after',
  ])
})
