import type { Place } from '../../procedure/index.ts'

/** An attribute of a tag, as written. */
export interface Attribute {
  /** Empty where an expression gives several. */
  readonly name: string
  readonly value: string
  /** Whether its value is code, as in `href={url}`. */
  readonly isCode: boolean
  readonly place: Place
}

/** A tag of HTML or JSX. */
export interface Tag {
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly place: Place
}

const ELEMENTS: Readonly<Record<string, string>> = {
  script: 'A script runs in the reader’s browser',
  iframe: 'A frame shows a page of somebody else’s as if it were this one',
  frame: 'A frame shows a page of somebody else’s as if it were this one',
  frameset: 'A frame shows a page of somebody else’s as if it were this one',
  object: 'An embedded object runs in the reader’s browser',
  embed: 'An embedded object runs in the reader’s browser',
  applet: 'An embedded object runs in the reader’s browser',
  base: 'This changes where every link of the page leads',
}
const ADDRESSES = new Set(
  `href src xlink:href xlinkhref action formaction poster background cite data srcset ping to from by values longdesc url`.split(
    ' ',
  ),
)

/** Why an element is not allowed on a page; `undefined` when it is. `attributes` are names in lower case. */
export function judgeElement(name: string, attributes: readonly string[]): string | undefined {
  if (Object.hasOwn(ELEMENTS, name)) return ELEMENTS[name]
  if (name === 'meta' && ['http-equiv', 'httpequiv'].some(key => attributes.includes(key)))
    return 'This may lead the reader to another page, or lift what the site forbids'
  if (name === 'form' && attributes.includes('action')) return 'A form sends what the reader types somewhere'
  return undefined
}

/** Why an attribute is not allowed on a page; `undefined` when it is. */
export function judgeAttribute({ name, value, isCode }: Attribute): string | undefined {
  const plain = name.toLowerCase()
  if (/^on[a-z]+$/.test(plain)) return `${name} runs code in the reader’s browser`
  if (plain === 'srcdoc') return 'srcdoc is a whole page inside this one'
  if (plain === 'formaction') return 'This sends what the reader types somewhere'
  if (plain === 'dangerouslysetinnerhtml') return `${name} writes HTML that nobody has looked at`
  const texts = isCode ? listTexts(value) : [decodeEntities(value)]
  const isAddress = name === '' || ADDRESSES.has(plain)
  if (texts.some(text => (isAddress ? isActiveUrl(text) || hasActivePart(plain, text) : RUNS.test(squeeze(text)))))
    return 'This link would run, or show, what stands in it'
  if (name === '' && /\bon[A-Z][a-z]+\b|\b(?:srcDoc|dangerouslySetInnerHTML)\b/.test(value))
    return 'A handler runs code in the reader’s browser'
  return undefined
}

/** Whether an address holds code or a page itself, which the browser then runs or shows. */
export function isActiveUrl(url: string): boolean {
  return /^(?:javascript|vbscript|data):/.test(squeeze(url))
}

const RUNS = /^(?:javascript|vbscript):/

/** Several addresses in one value. */
function hasActivePart(name: string, text: string): boolean {
  return ['srcset', 'values', 'ping'].includes(name) && text.split(/[,;\s]+/).some(isActiveUrl)
}

/** An address as browsers read it: in lower case, without white space and control characters. */
function squeeze(url: string): string {
  return url.replace(/[^\x21-\x7e]/g, '').toLowerCase()
}

const NAMED: Readonly<Record<string, string>> = { colon: ':', tab: '\t', newline: '\n', amp: '&', lpar: '(', nbsp: ' ' }

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(colon|tab|newline|amp|lpar|nbsp));?/gi, (all, hex, decimal, named) => {
    if (named) return NAMED[String(named).toLowerCase()] ?? all
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}

/** The string literals in an expression, with their escapes decoded. */
function listTexts(code: string): string[] {
  return [...code.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/gs)].map(([, a, b, c]) =>
    (a ?? b ?? c ?? '').replace(/\\(?:x([\da-f]{2})|u\{?([\da-f]{2,6})\}?|[nrt])/gi, (_, short, long) =>
      short || long ? String.fromCodePoint(Math.min(Number.parseInt(short ?? long, 16), 0x10ffff)) : '',
    ),
  )
}

/** Finds the tags in a piece of source, without comments. */
export function findActiveTags(source: string, placeAt: (offset: number) => Place): Tag[] {
  const text = source.replace(/<!--.*?(?:-->|$)|\/\*.*?\*\//gs, comment => comment.replace(/[^\r\n]/g, ' '))
  return [...text.matchAll(/<([a-z][\w:.-]*)((?:[^<>"'{]|"[^"]*"|'[^']*'|\{[^{}]*\})*)/gi)].map(found => {
    const [, name = '', rest = ''] = found
    const behind = found.index + 1 + name.length
    const attributes = [
      ...rest.matchAll(/([^\s"'<>/={}]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|\{([^{}]*)\}|([^\s"'=<>`{}]+)))?/g),
    ].map(attribute => {
      const [, key = '', double, single, code, bare] = attribute
      const place = placeAt(behind + attribute.index)
      return { name: key, value: double ?? single ?? code ?? bare ?? '', isCode: code !== undefined, place }
    })
    return { name, attributes, place: placeAt(found.index) }
  })
}
