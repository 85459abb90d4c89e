import { TemplateError } from './lex.ts'

/** The functions of Go and of Prometheus 2.42. */
export const FUNCTIONS = new Set(
  [
    // Go's
    'and call eq ge gt html index js le len lt ne not or print printf println slice urlquery',
    // Prometheus'
    'args externalURL first graphLink humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp label match parseDuration pathPrefix query reReplaceAll safeHtml sortByLabel stripDomain stripPort strvalue tableLink title tmpl toLower toTime toUpper value',
  ].flatMap(names => names.split(' ')),
)
/** What Prometheus defines before the text of an alert. */
export const GIVEN = ['$', '$labels', '$externalLabels', '$externalURL', '$value']
/** The keywords that begin an action. */
export const ACTIONS = ['block', 'break', 'continue', 'if', 'range', 'template', 'with']

/** Throws a `TemplateError` unless a text in quotes has only escapes of Go; in single quotes, it is one character. */
export function demandText(text: string): void {
  if (text.startsWith('`')) return
  const body = text.slice(1, -1)
  const quote = text[0] ?? ''
  const escapes =
    /\\(?:[abfnrtv\\]|[0-3][0-7]{2}|x[\da-fA-F]{2}|u(?![dD][89a-fA-F])[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4})/g
  const rest = body.replace(escapes, 'x').replaceAll(`\\${quote}`, 'x')
  if (rest.includes('\\') || (quote === "'" && [...rest].length !== 1))
    throw new TemplateError(`malformed constant: ${text}`)
}

/** Throws a `TemplateError` for a number that Go does not know. */
export function demandNumber(text: string): void {
  if (!isNumber(text)) throw new TemplateError(`illegal number syntax: "${text}"`)
}

function isNumber(text: string): boolean {
  const plain = text.replace(/i$/, '')
  const isWhole = /^[+-]?(?:0[xX](?:_?[\da-fA-F])+|0[oO]?(?:_?[0-7])+|0[bB](?:_?[01])+|0|[1-9](?:_?\d)*)$/.test(plain)
  const isFraction = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain) && /[.eE]/.test(plain)
  return isWhole || isFraction || /^[+-]?0[xX][\da-fA-F]*\.?[\da-fA-F]*[pP][+-]?\d+$/.test(plain)
}
