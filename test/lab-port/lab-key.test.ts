import { expect, test } from 'vitest'
import { parseHandbookFile } from '../../src/environments/index.ts'

const COMMANDS = 'commands: { up: u, down: d, status: s, break: b, heal: h }'

test.each([
  ['nothing', '{}', 'expected either module or commands'],
  ['both', `{ module: ./lab.mjs, ${COMMANDS} }`, 'expected either module or commands'],
  [
    'faults beside a module',
    '{ module: ./lab.mjs, faults: { a: A } }',
    'expected name and faults beside commands only',
  ],
])('a lab cannot be named by %s', (_, lab, message) => {
  const result = parseHandbookFile(`url: https://x.example\nlab: ${lab}\n`)
  expect(result).toMatchObject({ problems: [{ line: 2, message: expect.stringContaining(message) }] })
})

test.each(['{ module: ./lab.mjs }', `{ ${COMMANDS} }`, `{ ${COMMANDS}, name: shop, faults: { a: A } }`])('%s', lab => {
  expect(parseHandbookFile(`url: https://x.example\nlab: ${lab}\n`)).toHaveProperty('file.lab')
})
