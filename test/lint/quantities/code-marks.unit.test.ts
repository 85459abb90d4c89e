import { expect, it } from 'vitest'
import { isCodeValue, listCodeMarks, readCodeValue } from '../../../src/lint/quantities/code-marks.ts'
import { readTree } from '../../../src/procedure/index.ts'

function find(text: string): [line: number, id: string, value: number | undefined, written: string][] {
  const tree = readTree(text, 'docs/page.md', () => {})
  return listCodeMarks(tree, text).map(({ line, id, number }) => [
    line,
    id,
    number?.value,
    text.slice(number?.from, number?.to ?? 0),
  ])
}

it.each([
  ['a share', '```ts\nif (felt >= 0.05 /* =failing */) return\n```\n', [2, 'failing', 0.05, '0.05']],
  ['a product', '```ts\nconst most = 30 * 60 /* =waits */\n```\n', [2, 'waits', 1800, '30 * 60']],
  ['after other text', 'Look.\n\n```ts\n\nwait(5/* =now */)\n```\n', [5, 'now', 5, '5']],
  ['in bash', '```bash\n[ "$x1" -ge 300 ] # =waits\n```\n', [2, 'waits', 300, '300']],
  [
    'behind the default of a parameter',
    '---\nparams:\n  wait: { type: duration, default: 5m, max: 2h } # =waits\n---\n',
    [3, 'waits', 300, '5m'],
  ],
  [
    'behind a default without a unit',
    '---\nparams:\n  wait: { default: 120, max: 500 } # =waits\n---\n',
    [3, 'waits', 120, '120'],
  ],
  ['with nothing before it', '```ts\n/* =failing */\n```\n', [2, 'failing', undefined, '']],
])('finds a mark in a block: %s', (_, text, found) => {
  expect(find(text)).toEqual([found])
})

it('leaves alone what is shown in another language, and comments that name nothing', () => {
  expect(find('```markdown static\n0.05 /* =failing */\n```\n')).toEqual([])
  expect(find('```bash\n# a comment = 5\n```\n')).toEqual([])
  expect(find('```yaml\nfor: 5m # =waits\n```\n')).toEqual([])
})

it.each([
  ['5 %', 0.05],
  ['1.44 %', 0.0144],
  ['0.1 %', 0.001],
  ['30 minutes', 1800],
  ['an hour', 3600],
  ['2 hours', 7200],
  ['17 s', 17],
  ['160 MiB', 167_772_160],
  ['3 starts', 3],
  ['5 years', undefined],
  ['refusals while admission is closed', undefined],
])('reads %s as it stands in code', (value, number) => {
  expect(readCodeValue(value)).toBe(number)
})

it('takes a default without a unit for seconds, minutes, hours or days, and for nothing else', () => {
  const number = { from: 0, to: 1, counts: true }
  expect([1, 60, 3600, 86_400].map(unit => isCodeValue({ ...number, value: 5 }, 5 * unit))).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect(isCodeValue({ ...number, value: 6 }, 5 * 3600)).toBe(false)
  expect(isCodeValue({ ...number, value: 5, counts: false }, 5 * 60)).toBe(false)
})

it('reads a share beside a whole number as percent', () => {
  expect(readCodeValue('15 %', 15)).toBe(15)
  expect(readCodeValue('15 %', 0.2)).toBe(0.15)
})
