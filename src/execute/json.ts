// Blocks may replace what JavaScript gives, so all that is needed here was taken before any block ran.
const { stringify } = JSON
const { isArray } = Array
const { isFinite: isNumber } = Number
const { getOwnPropertySymbols, getPrototypeOf, hasOwn, keys } = Object
const { get } = Reflect
const Refusal = TypeError

/**
 * A value as JSON, which means the same when it is read again; nothing for `undefined`. Throws a `TypeError` that names what JSON cannot
 * hold, where that is, and what to give instead. A property that is `undefined` is left out, and -0 is 0.
 */
export function writeJson(value: unknown, name = 'value'): string | undefined {
  return write(value, name, undefined)
}

/** The objects around a value. */
interface Around {
  readonly object: object
  readonly around: Around | undefined
}

function write(value: unknown, path: string, around: Around | undefined): string | undefined {
  if (value === undefined) return undefined
  if (value === null) return 'null'
  if (typeof value === 'string') return stringify(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number')
    return isNumber(value) ? `${value}` : refuse(path, `${value}`, 'null or a text for what is no number')
  if (typeof value === 'bigint') return refuse(path, `the bigint ${value}n`, 'String(…) or Number(…) of it')
  if (typeof value === 'symbol') return refuse(path, 'a symbol', 'a text')
  if (typeof value === 'function') return refuse(path, 'a function', 'what it gives')
  for (let at = around; at; at = at.around)
    if (at.object === value) return refuse(path, 'circular, an object that contains itself', 'the parts that matter')
  const inside = { object: value, around }
  if (getOwnPropertySymbols(value).length > 0) return refuse(path, 'an object with a symbol as a key', 'texts as keys')
  return isArray(value) ? writeList(value, path, inside) : writeRecord(value, path, inside)
}

function writeList(list: readonly unknown[], path: string, around: Around): string {
  let text = ''
  for (let index = 0; index < list.length; index++) {
    const place = `${path}[${index}]`
    const element = write(list[index], place, around) ?? refuse(place, 'undefined', 'null, or a list without it')
    text += index === 0 ? element : `,${element}`
  }
  const names = keys(list)
  if (names.length > list.length)
    refuse(path, `a list that also has “${names[list.length]}”`, '[...list] for its elements alone')
  return `[${text}]`
}

function writeRecord(record: object, path: string, around: Around): string {
  const kind = findClass(record)
  if (kind !== undefined)
    return refuse(
      path,
      `${/^[AEIOUaeiou]/.test(kind) ? 'an' : 'a'} ${kind}`,
      `${hasOwn(INSTEAD, kind) ? INSTEAD[kind] : PARTS}`,
    )
  let text = ''
  const names = keys(record)
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? ''
    const part = write(get(record, name), join(path, name), around)
    if (part !== undefined) text += `${text === '' ? '' : ','}${stringify(name)}:${part}`
  }
  return `{${text}}`
}

/** The class of an object; nothing for a plain one, in which JSON loses nothing. */
function findClass(object: object): string | undefined {
  const prototype: unknown = getPrototypeOf(object)
  if (typeof prototype !== 'object' || prototype === null || getPrototypeOf(prototype) === null) return undefined
  const made: unknown = get(prototype, 'constructor')
  const name: unknown = typeof made === 'function' ? get(made, 'name') : undefined
  // A bundle's names may begin with its own mark.
  return (typeof name === 'string' && name.replace(/^_/, '')) || 'object of a class without a name'
}

const PARTS = 'a plain object of its parts'
const INSTEAD: Readonly<Record<string, string>> = {
  Date: '.toISOString() of it',
  Map: 'Object.fromEntries(…) of it',
  Set: '[...set]',
  URL: 'its .href',
  Buffer: '.toString() of it',
  Uint8Array: '[...bytes], or keep it: evidence(name, bytes)',
  ProcessOutput: 'its .stdout',
  Response: 'what its .json() or .text() gives',
  Error: 'its .message',
  TypeError: 'its .message',
  Promise: 'what it gives, with await',
}

function join(path: string, name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `${path}.${name}` : `${path}[${stringify(name)}]`
}

function refuse(path: string, what: string, instead: string): never {
  throw new Refusal(`${path} is ${what}, which cannot be handed on: give ${instead}`)
}
