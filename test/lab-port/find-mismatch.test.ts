import { expect, test } from 'vitest'
import { parseHandbookFile } from '../../src/environments/index.ts'
import { lab } from '../../src/lab/index.ts'
import { findMismatch } from '../../src/lab-port/index.ts'

function judge(yaml: string): string | undefined {
  const result = parseHandbookFile(`url: https://x.example\n${yaml}`)
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return findMismatch(result.file, lab)
}

const DSN = 'target: { dsn: { type: string, description: d } }'

test.each([
  ['a handbook that asks for nothing', '', undefined],
  ['facts and services of the lab', 'services: [worker]\ntarget: { url: { type: string, description: u } }', undefined],
  ['a service', 'services: [api, toString]', 'its pages may use the service toString, which'],
  [
    'two facts',
    'target: { a: { type: string, description: a }, b: { type: boolean, description: b } }',
    'its pages may use target.a, target.b, which',
  ],
  ['a fact', DSN, 'target.dsn, which'],
  ['a fact that its environment adds', `${DSN}\nenvironments: { lab: { lab: true, target: { dsn: x } } }`, undefined],
  ['a fact that another environment has', `${DSN}\nenvironments: { a: { target: { dsn: x } } }`, 'target.dsn, which'],
])('%s', (_, yaml, why) => {
  if (why === undefined) expect(judge(yaml)).toBeUndefined()
  else expect(judge(yaml)).toContain(why)
})
