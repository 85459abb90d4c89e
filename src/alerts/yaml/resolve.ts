import type { YamlNode } from './parse.ts'

/** What a scalar is by YAML's tags: its short tag, and its number if it is one. */
export interface Resolved {
  readonly tag: string
  readonly number?: number
}

const LONG = 'tag:yaml.org,2002:'
const TRIED = ['!!bool', '!!int', '!!float', '!!null', '!!timestamp']

/** What a scalar is as Prometheus' YAML reader resolves it; `undefined` when its value does not fit the tag that it is given. */
export function resolveScalar({ tag, value, plain }: YamlNode): Resolved | undefined {
  const given = tag.startsWith(LONG) ? `!!${tag.slice(LONG.length)}` : tag
  if (given === '' || given === '!') {
    if (!plain) return { tag: '!!str' }
    return value === '<<' ? { tag: '!!merge' } : resolvePlain(value, true)
  }
  if (given === '!!binary') return isBase64(value) ? { tag: given } : undefined
  if (!TRIED.includes(given)) return { tag: given }
  const found = value === '<<' ? { tag: '!!merge' } : resolvePlain(value, given === '!!timestamp')
  if (found.tag === given) return found
  return given === '!!float' && found.tag === '!!int' ? { ...found, tag: given } : undefined
}

/** Whether a value is null. */
export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && resolveScalar(node)?.tag === '!!null'
}

/** The text of a scalar for a field that holds text. */
export function textOf(node: YamlNode): string {
  return node.tag === `${LONG}binary` ? Buffer.from(node.value, 'base64').toString() : node.value
}

function resolvePlain(text: string, timestamps: boolean): Resolved {
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return { tag: '!!null' }
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return { tag: '!!bool' }
  if (/^(?:\.nan|\.NaN|\.NAN|[-+]?\.(?:inf|Inf|INF))$/.test(text)) return { tag: '!!float', number: Number.NaN }
  if (!/^[-+.\d]/.test(text)) return { tag: '!!str' }
  if (timestamps && isTimestamp(text)) return { tag: '!!timestamp' }
  const plain = text.startsWith('.') ? text : text.replaceAll('_', '')
  if (isInteger(text, plain))
    return { tag: '!!int', number: Number(plain.replace(/^[-+]/, '').replace(/^0(?=\d)/, '0o')) }
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(plain) && Number.isFinite(Number(plain)))
    return { tag: '!!float', number: Number(plain) }
  return { tag: '!!str' }
}

/** Go's integers of base 0, and the octal numbers of YAML 1.2; at most 64 bits. */
function isInteger(text: string, plain: string): boolean {
  if (text.startsWith('.')) return false
  const [, sign, digits = ''] = /^([-+]?)(0x[\da-f]+|0o[0-7]+|0b[01]+|0[0-7]*|[1-9]\d*)$/i.exec(plain) ?? []
  if (digits === '') return false
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits}` : digits.toLowerCase())
  return sign === '' || sign === undefined ? value < 2n ** 64n : value <= 2n ** 63n - (sign === '-' ? 0n : 1n)
}

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isTimestamp(text: string): boolean {
  const [, year, month, day, rest = ''] = /^(\d{4})-(\d\d?)-(\d\d?)(.*)$/s.exec(text) ?? []
  if (day === undefined || !isDate(Number(year), Number(month), Number(day))) return false
  if (rest === '') return true
  const [, hour, minute, second] =
    /^[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)$/.exec(rest) ??
    /^ (\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?$/.exec(rest) ??
    []
  return hour !== undefined && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
}

function isDate(year: number, month: number, day: number): boolean {
  const days = month === 2 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) ? 28 : MONTH_DAYS[month - 1]
  return days !== undefined && day >= 1 && day <= days
}

function isBase64(text: string): boolean {
  const plain = text.replace(/[\r\n]/g, '')
  return plain.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(plain)
}
