import { toString as textOf } from 'mdast-util-to-string'
import { expect, it } from 'vitest'
import { readTree } from '../../src/procedure/index.ts'
import { writeMarkdownTable } from '../../src/report/index.ts'

it('shows titles, code and links', () => {
  expect(writeMarkdownTable('2 things', ['A', 'B'], [[{ code: 'x|y' }, { text: 'b', url: 'https://b.example' }]])).toBe(
    '**2 things**\n\n| A | B |\n| - | - |\n| `x\\|y` | [b](https://b.example) |\n',
  )
  expect(writeMarkdownTable('nothing', ['A'], [])).toBe('**nothing**\n')
})

it.each([
  'a|b',
  '`c` ``',
  '<b>',
  '*d* _e_ ~f~',
  '[g](h)',
  '![i](j)',
  '\\',
  '&amp;',
  '# k',
  'l\n\nm',
  'https://n.example',
])('shows %j as it is, in a cell of its own', text => {
  const { children } = readTree(
    writeMarkdownTable(text, ['A'], [[text, { code: text }, 'last']]),
    'comment.md',
    () => {},
  )
  const shown = text.replace(/\s+/g, ' ')
  expect(children.map(node => textOf(node))).toEqual([shown, `A${shown}${shown}last`])
  const [, row] = children[1]?.type === 'table' ? children[1].children : []
  expect(row?.children.map(cell => textOf(cell))).toEqual([shown, shown, 'last'])
})
