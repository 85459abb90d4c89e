import { describe, expect, test } from 'vitest'
import { writeJson } from '../../src/execute/json.ts'

class Point {
  x = 1
}
const circular: Record<string, unknown> = { list: [] }
circular.list = [{ circular }]
const shared = { a: 1 }

test.each([
  [{ a: 1.5, 'b c': [true, null, 'é"\n\u2028\ud800'], c: undefined }],
  [[shared, shared]],
  [Object.create(null)],
  [-1e-7],
  [JSON.parse('{"__proto__":1}')],
  ['text'],
  [null],
])('%j is the same when it is read again', value => {
  expect(JSON.parse(writeJson(value) ?? '')).toEqual(JSON.parse(JSON.stringify(value)))
})

test('undefined is no value', () => {
  expect(writeJson(undefined)).toBeUndefined()
})

describe('what JSON cannot hold is refused, with its place', () => {
  test.each<[unknown, string]>([
    [Number.NaN, 'value is NaN'],
    [{ a: [0, { b: Number.POSITIVE_INFINITY }] }, 'value.a[1].b is Infinity'],
    [{ 'a-b': -1 / 0 }, 'value["a-b"] is -Infinity'],
    [3n, 'value is the bigint 3n'],
    [[1, undefined], 'value[1] is undefined'],
    [Array(2), 'value[0] is undefined'],
    [{ f() {} }, 'value.f is a function'],
    [{ s: Symbol('s') }, 'value.s is a symbol'],
    [{ [Symbol('s')]: 1 }, 'value is an object with a symbol as a key'],
    [/a/.exec('a'), 'value is a list that also has “index”'],
    [circular, 'value.list[0].circular is circular'],
    [{ at: new Date(0) }, 'value.at is a Date'],
    [{ at: new Date(Number.NaN) }, 'value.at is a Date'],
    [new Map([['a', 1]]), 'value is a Map'],
    [[new Set([1])], 'value[0] is a Set'],
    [new Point(), 'value is a Point'],
    [new (class extends Error {})('x'), 'value is an object of a class without a name'],
    [new TypeError('x'), 'value is a TypeError'],
    [Buffer.from('a'), 'value is a Buffer'],
    [new Float64Array(1), 'value is a Float64Array'],
    [new URL('http://a'), 'value is an URL'],
    [/a/, 'value is a RegExp'],
    [Promise.resolve(1), 'value is a Promise'],
    [new WeakMap(), 'value is a WeakMap'],
    [Object(1), 'value is a Number'],
  ])('%s', (value, message) => {
    expect(() => writeJson(value)).toThrow(`${message}`)
    expect(() => writeJson(value)).toThrow(/which cannot be handed on: give \S/)
  })
})
