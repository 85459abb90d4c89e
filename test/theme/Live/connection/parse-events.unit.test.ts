import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEventParser } from '../../../../src/theme/Live/connection/parse-events.ts'

const STREAM =
  ': hello\n\nid: 1\ndata: {"a":1}\n\nevent: x\r\nid: 2\r\ndata: one\r\ndata:two\r\n\r\n: beat\n\ndata: last\n\ndata: unfinished'
const EVENTS = [
  { id: '1', data: '{"a":1}' },
  { id: '2', data: 'one\ntwo' },
  { id: '2', data: 'last' },
]

it('reads messages, their ids and their lines; comments and what is unfinished say nothing', () => {
  expect(createEventParser()(STREAM)).toEqual(EVENTS)
})

it('reads them wherever the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), cuts => {
      const parse = createEventParser()
      const at = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length]
      expect(at.slice(1).flatMap((end, index) => parse(STREAM.slice(at[index], end)))).toEqual(EVENTS)
    }),
  )
})
